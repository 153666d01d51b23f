package io.drydock.docker.engine.network;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a container wants of its network.
 *
 * @param containerId the container's full id
 * @param containerName the container's name without slash: error messages and the network's list of containers use it
 * @param networkMode {@code default}, {@code bridge}, {@code host}, {@code none}, or a network's name or id;
 *     {@code container:…} needs no sandbox of its own and is the caller's to resolve
 * @param hostname the container's host name, for name resolution on user-defined networks
 * @param macAddress the MAC address of the first interface, as {@code 02:42:…}; null for one derived from the address
 * @param ports the ports to publish, in the order in which conflicts are to be found
 */
public record SandboxRequest(
        String containerId,
        String containerName,
        String networkMode,
        String hostname,
        @Nullable String macAddress,
        List<PortRequest> ports) {

    /** Copies the ports. */
    public SandboxRequest {
        ports = List.copyOf(ports);
    }
}
