package io.drydock.docker.engine.network;

import io.avaje.jsonb.Json;
import java.nio.file.Path;
import java.util.List;

/**
 * The network of one container that was started.
 *
 * @param id 64 hex digits: the Engine API's {@code SandboxID}
 * @param containerId the container's full id
 * @param containerName the container's name when it was attached
 * @param key the file a process can enter the sandbox by, the Engine API's {@code SandboxKey}: {@code <exec-root>/netns/…};
 *     {@code <exec-root>/netns/default}, which need not exist, for the host's own network
 * @param hostNetwork whether the container uses the host's network and joins no namespace
 * @param endpoints the sandbox's place in each network, the one with the default gateway first
 */
@Json
public record Sandbox(
        String id,
        String containerId,
        String containerName,
        String key,
        boolean hostNetwork,
        List<Endpoint> endpoints) {

    /** Copies the endpoints. */
    public Sandbox {
        endpoints = List.copyOf(endpoints);
    }

    /** The path of the Linux network namespace for the container's spec; without meaning if {@link #hostNetwork}. */
    public Path netns() {
        return Path.of(key);
    }

    /** All published ports of all endpoints. */
    public List<PublishedPort> publishedPorts() {
        return endpoints.stream().flatMap(e -> e.ports().stream()).toList();
    }
}
