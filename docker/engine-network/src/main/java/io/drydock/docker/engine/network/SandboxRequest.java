package io.drydock.docker.engine.network;

import java.util.List;

/**
 * What a container wants of its network.
 *
 * @param containerId the container's full id
 * @param containerName the container's name without slash: error messages and the network's list of containers use it
 * @param endpoints the networks, in the order in which the container's interfaces are numbered; {@code host} and {@code none}
 *     stand alone; a container that joins another's network needs no sandbox
 * @param ports the ports to publish, in the order in which conflicts are to be found
 * @param nameServers addresses of name servers for what the container's networks do not know
 */
public record SandboxRequest(
        String containerId,
        String containerName,
        List<EndpointRequest> endpoints,
        List<PortRequest> ports,
        List<String> nameServers) {

    /** Copies the lists. */
    public SandboxRequest {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(PortRequest.joined(ports));
        nameServers = List.copyOf(nameServers);
    }
}
