package io.drydock.docker.engine.network;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * A container's place in one network. Addresses are empty and the prefix is 0 where the network has none (host, none).
 *
 * @param id 64 hex digits
 * @param networkId the network's id
 * @param networkName the network's name
 * @param interfaceName the interface inside the sandbox, {@code eth0}; empty if there is none
 * @param hostInterfaceName the other end of the pair, {@code veth…}; empty if there is none
 * @param ipAddress the IPv4 address
 * @param prefixLength the length of the network's prefix, 0–32
 * @param gateway the default gateway; empty in internal networks
 * @param macAddress the interface's MAC address
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
        String macAddress,
        List<PublishedPort> ports) {

    /** Copies the ports. */
    public Endpoint {
        ports = List.copyOf(ports);
    }
}
