package io.drydock.docker.engine.network;

import java.util.List;
import java.util.Map;

/**
 * What a container wants of one network. Empty texts stand for the engine's choice.
 *
 * @param network the network's name or id
 * @param ipv4 the address
 * @param ipv6 the IPv6 address
 * @param macAddress the MAC address, {@code 02:42:…}
 * @param names by which other containers of the network find it, its own name first
 * @param links containers by the names under which this one finds them
 * @param interfaceName the interface's name in the container
 * @param sysctls settings of the interface, {@code net.ipv4.conf.IFNAME.log_martians} and the like
 * @param gatewayPriority the network of the highest priority has the default gateway
 */
public record EndpointRequest(
        String network,
        String ipv4,
        String ipv6,
        String macAddress,
        List<String> names,
        Map<String, String> links,
        String interfaceName,
        Map<String, String> sysctls,
        long gatewayPriority) {

    /** Copies the list and the maps. */
    public EndpointRequest {
        names = List.copyOf(names);
        links = Map.copyOf(links);
        sysctls = Map.copyOf(sysctls);
    }

    /** No wishes but the network and a name. */
    public static EndpointRequest of(String network, String... names) {
        return new EndpointRequest(network, "", "", "", List.of(names), Map.of(), "", Map.of(), 0);
    }

    /** The same with another address. */
    public EndpointRequest withIpv4(String other) {
        return new EndpointRequest(
                network, other, ipv6, macAddress, names, links, interfaceName, sysctls, gatewayPriority);
    }

    /** The same with a priority of its gateway. */
    public EndpointRequest withGatewayPriority(long other) {
        return new EndpointRequest(network, ipv4, ipv6, macAddress, names, links, interfaceName, sysctls, other);
    }
}
