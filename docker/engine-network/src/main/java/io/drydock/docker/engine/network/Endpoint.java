package io.drydock.docker.engine.network;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/**
 * A container's place in one network. Addresses are empty and prefixes 0 where the network has none (host, none).
 *
 * @param id 64 hex digits
 * @param networkId the network's id
 * @param networkName the network's name
 * @param interfaceName the interface inside the sandbox, {@code eth0}; empty if there is none
 * @param hostInterfaceName the other end of the pair, {@code veth…}; empty if there is none
 * @param ipAddress the IPv4 address
 * @param prefixLength the length of the network's prefix, 0–32
 * @param gateway the network's gateway
 * @param ipv6Address the IPv6 address
 * @param ipv6PrefixLength the length of the network's prefix, 0–128
 * @param ipv6Gateway the network's IPv6 gateway
 * @param macAddress the interface's MAC address
 * @param external whether the network has a way out, so that its gateway may become the container's
 * @param gatewayPriority the external network of the highest priority has the container's default gateway
 * @param names by which other containers of the network find it, its own name first; empty where names are not resolved
 * @param links containers by the names under which this one finds them
 * @param ports what is published through this endpoint
 */
@Json
public record Endpoint(
        String id,
        String networkId,
        String networkName,
        String interfaceName,
        String hostInterfaceName,
        String ipAddress,
        int prefixLength,
        String gateway,
        String ipv6Address,
        int ipv6PrefixLength,
        String ipv6Gateway,
        String macAddress,
        boolean external,
        long gatewayPriority,
        List<String> names,
        Map<String, String> links,
        List<PublishedPort> ports) {

    /** Copies the lists and the map. */
    public Endpoint {
        names = List.copyOf(names);
        links = Map.copyOf(links);
        ports = List.copyOf(ports);
    }

    /** In a network without interfaces. */
    static Endpoint without(Network network) {
        return new Endpoint(
                HexIds.id(),
                network.id(),
                network.name(),
                "",
                "",
                "",
                0,
                "",
                "",
                0,
                "",
                "",
                false,
                0,
                List.of(),
                Map.of(),
                List.of());
    }

    /** Whether the container's default gateway of either family may be the one of this network. */
    boolean leadsOut() {
        return leadsOut(false) || leadsOut(true);
    }

    /** Whether the container's default gateway of that family may be the one of this network. */
    boolean leadsOut(boolean ofIpv6) {
        return external && !(ofIpv6 ? ipv6Gateway : gateway).isEmpty();
    }

    Endpoint withPorts(List<PublishedPort> other) {
        return with(interfaceName, hostInterfaceName, macAddress, gateway, names, other);
    }

    Endpoint withNames(List<String> other) {
        return with(interfaceName, hostInterfaceName, macAddress, gateway, other, ports);
    }

    Endpoint withHostInterface(String other) {
        return with(interfaceName, other, macAddress, gateway, names, ports);
    }

    /** The same as a plugin made it. */
    Endpoint as(String interfaceName, String macAddress, String gateway) {
        return with(interfaceName, hostInterfaceName, macAddress, gateway, names, ports);
    }

    private Endpoint with(
            String interfaceName,
            String hostInterfaceName,
            String macAddress,
            String gateway,
            List<String> names,
            List<PublishedPort> ports) {
        return new Endpoint(
                id,
                networkId,
                networkName,
                interfaceName,
                hostInterfaceName,
                ipAddress,
                prefixLength,
                gateway,
                ipv6Address,
                ipv6PrefixLength,
                ipv6Gateway,
                macAddress,
                external,
                gatewayPriority,
                names,
                links,
                ports);
    }
}
