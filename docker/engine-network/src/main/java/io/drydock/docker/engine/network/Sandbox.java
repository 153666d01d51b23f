package io.drydock.docker.engine.network;

import io.avaje.jsonb.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The network of one container that was started.
 *
 * @param id 64 hex digits: the Engine API's {@code SandboxID}
 * @param containerId the container's full id
 * @param containerName the container's name
 * @param key the file a process can enter the sandbox by, the Engine API's {@code SandboxKey}: {@code <exec-root>/netns/…};
 *     {@code <exec-root>/netns/default}, which need not exist, for the host's own network
 * @param hostNetwork whether the container uses the host's network and joins no namespace
 * @param wishes the ports that were to be published, as {@link PortRequest#text}
 * @param nameServers addresses of the name servers that are asked for what is not in the container's networks
 * @param endpoints the sandbox's place in each network, in the order of connection
 */
@Json
public record Sandbox(
        String id,
        String containerId,
        String containerName,
        String key,
        boolean hostNetwork,
        List<String> wishes,
        List<String> nameServers,
        List<Endpoint> endpoints) {

    static final Comparator<Endpoint> GATEWAY =
            Comparator.comparingLong(Endpoint::gatewayPriority).reversed().thenComparing(Endpoint::networkName);

    /** Copies the lists. */
    public Sandbox {
        wishes = List.copyOf(wishes);
        nameServers = List.copyOf(nameServers);
        endpoints = List.copyOf(endpoints);
    }

    /** The path of the Linux network namespace for the container's spec; without meaning if {@link #hostNetwork}. */
    public Path netns() {
        return Path.of(key);
    }

    /** All published ports of all endpoints, one by one. */
    public List<PublishedPort> publishedPorts() {
        return endpoints.stream()
                .flatMap(e -> e.ports().stream())
                .flatMap(PublishedPort::each)
                .toList();
    }

    /**
     * The endpoint with the container's default gateway, through which its ports are published: of networks that have a way
     * out, that of the highest priority and then of the first name. Null if there is none.
     */
    public @Nullable Endpoint gateway() {
        return endpoints.stream().filter(Endpoint::leadsOut).min(GATEWAY).orElse(null);
    }

    /** The endpoint with the default route of one family, which another one than {@link #gateway} has if that lacks it. */
    @Nullable
    Endpoint defaultRoute(boolean ipv6) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.leadsOut(ipv6))
                .min(GATEWAY)
                .orElse(null);
    }

    /** The endpoints, the one with the default gateway first. */
    public List<Endpoint> byGateway() {
        return endpoints.size() == 1
                ? endpoints
                : endpoints.stream()
                        .sorted(Comparator.comparing((Endpoint e) -> !e.external())
                                .thenComparing(GATEWAY))
                        .toList();
    }

    /** Whether the engine's name server answers the container: one of its networks is a user's. */
    public boolean resolvesNames() {
        return endpoints.stream().anyMatch(endpoint -> !endpoint.names().isEmpty());
    }

    /** The endpoint in a network; null if there is none. */
    public @Nullable Endpoint endpoint(String networkId) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.networkId().equals(networkId))
                .findFirst()
                .orElse(null);
    }

    /** The number of the next interface. */
    int nextInterface() {
        int next = 0;
        for (var endpoint : endpoints) {
            int digits = endpoint.interfaceName().length();
            while (digits > 0 && Character.isDigit(endpoint.interfaceName().charAt(digits - 1))) {
                digits--;
            }
            var number = endpoint.interfaceName().substring(digits);
            if (!number.isEmpty() && number.length() < 9) {
                next = Math.max(next, Integer.parseInt(number) + 1);
            }
        }
        return next;
    }

    Sandbox with(Endpoint added) {
        var all = new ArrayList<>(endpoints);
        all.add(added);
        return with(all);
    }

    Sandbox without(Endpoint removed) {
        return with(endpoints.stream()
                .filter(endpoint -> !endpoint.id().equals(removed.id()))
                .toList());
    }

    Sandbox replacing(String endpointId, UnaryOperator<Endpoint> change) {
        return with(endpoints.stream()
                .map(endpoint -> endpoint.id().equals(endpointId) ? change.apply(endpoint) : endpoint)
                .toList());
    }

    Sandbox with(List<Endpoint> other) {
        return new Sandbox(id, containerId, containerName, key, hostNetwork, wishes, nameServers, other);
    }

    /** The same under another name, by which other containers find it from now on. */
    Sandbox renamed(String name) {
        var renamed = endpoints.stream()
                .map(endpoint -> endpoint.withNames(endpoint.names().stream()
                        .map(known -> known.equals(containerName) ? name : known)
                        .toList()))
                .toList();
        return new Sandbox(id, containerId, name, key, hostNetwork, wishes, nameServers, renamed);
    }
}
