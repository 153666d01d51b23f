package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.network.Endpoint;
import io.drydock.docker.engine.network.Network;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.docker.engine.network.PortRequest;
import io.drydock.docker.engine.network.Sandbox;
import io.drydock.docker.engine.network.SandboxRequest;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.HostConfig;
import io.drydock.spec.engine.PortBinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container's network: its own sandbox, the host's, or that of another container. */
final class Networking {
    private static final Logger LOG = LoggerFactory.getLogger(Networking.class);
    private static final String JOIN = "container:";
    private static final Executor VIRTUAL =
            task -> Thread.ofVirtual().name("network").start(task);

    private final NetworkController networks;
    private final NetworkFiles files;
    private final ContainerTable table;
    private final EndpointWishes wishes;
    private final Links links;

    Networking(NetworkController networks, NetworkFiles files, ContainerTable table) {
        this.networks = networks;
        this.files = files;
        this.table = table;
        this.wishes = new EndpointWishes(networks, table);
        this.links = new Links(table, networks);
    }

    EndpointWishes wishes() {
        return wishes;
    }

    /** A sandbox in the making. */
    final class Pending {
        private final String id;
        private final CompletableFuture<@Nullable Sandbox> future;

        private Pending(String id, CompletableFuture<@Nullable Sandbox> future) {
            this.id = id;
            this.future = future;
        }

        /** The sandbox; null for a container that joins another's. */
        @Nullable
        Sandbox get() {
            try {
                return future.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof EngineException failure ? failure : e;
            }
        }

        /** It is not needed after all. */
        void abandon() {
            future.exceptionally(e -> null).join();
            detach(id);
        }
    }

    /** Begins to make the sandbox on a thread of its own. */
    Pending begin(Definition definition) {
        var host = definition.hostConfig();
        if (host.networkMode().startsWith(JOIN)) {
            return new Pending(definition.id(), CompletableFuture.completedFuture(null));
        }
        var request = request(definition);
        return new Pending(definition.id(), CompletableFuture.supplyAsync(() -> attach(request), VIRTUAL));
    }

    private Sandbox attach(SandboxRequest request) {
        try {
            return networks.attach(request);
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        }
    }

    private SandboxRequest request(Definition definition) {
        return new SandboxRequest(
                definition.id(),
                definition.name(),
                wishes.of(definition),
                ports(definition),
                files.servers(definition.hostConfig()));
    }

    /** The ports to publish: those asked for, and with {@code -P} all that are exposed. */
    private static List<PortRequest> ports(Definition definition) {
        var host = definition.hostConfig();
        if (host.networkMode().equals("host") || host.networkMode().equals("none")) {
            return List.of();
        }
        var requests = ports(host);
        try {
            if (host.publishAllPorts()) {
                for (String port : definition.config().exposedPorts().keySet()) {
                    if (!host.portBindings().containsKey(port)) {
                        requests.add(PortRequest.parse(port, "", ""));
                    }
                }
            }
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        }
        return requests;
    }

    /** The ports asked for by address and number. */
    static List<PortRequest> ports(HostConfig host) {
        var requests = new ArrayList<PortRequest>();
        try {
            for (var entry : host.portBindings().entrySet()) {
                var bindings = entry.getValue() == null || entry.getValue().isEmpty()
                        ? List.of(new PortBinding("", ""))
                        : entry.getValue();
                for (PortBinding binding : bindings) {
                    requests.add(PortRequest.parse(entry.getKey(), binding.hostIp(), binding.hostPort()));
                }
            }
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        }
        return requests;
    }

    /** Writes what a container that starts knows of its network; those that have links to it learn its address. */
    void writeFiles(ContainerPaths paths, Definition definition, @Nullable Sandbox sandbox) throws IOException {
        var lines = links.of(definition).stream().map(Links::line).toList();
        files.write(paths.directory(definition.id()), definition, sandbox, lines);
        var address = Links.address(sandbox);
        if (!address.isEmpty()) {
            for (var parent : links.parents(definition).entrySet()) {
                files.readdress(paths.directory(parent.getKey()), parent.getValue(), address);
            }
        }
    }

    /** The variables that links set in a container that runs or starts. */
    List<String> linkVariables(Definition definition) {
        return LinkVariables.of(links.of(definition));
    }

    /** Tells a running container's files of a network it was connected to. */
    void connected(Path directory, Definition definition, Sandbox sandbox, Network network) throws IOException {
        var endpoint = sandbox.endpoint(network.id());
        if (endpoint != null) {
            files.add(directory, definition, endpoint, sandbox);
        }
    }

    /** Tells a running container's files of a network it was disconnected from. */
    void disconnected(Path directory, Definition definition, Sandbox sandbox, Endpoint endpoint) throws IOException {
        files.remove(directory, definition, endpoint);
    }

    /** The network namespace for the spec; null for the host's. */
    @Nullable
    Path namespace(Definition definition, @Nullable Sandbox sandbox) {
        if (sandbox != null) {
            return sandbox.hostNetwork() ? null : sandbox.netns();
        }
        String path = namespaceOf(definition.hostConfig().networkMode(), "net");
        return path == null ? null : Path.of(path);
    }

    /** The namespace of another container that a mode {@code container:x} names; null for any other mode. */
    @Nullable
    String namespaceOf(String mode, String kind) {
        if (!mode.startsWith(JOIN)) {
            return null;
        }
        var other = table.find(mode.substring(JOIN.length()));
        var state = other.state();
        if (!state.alive()) {
            throw EngineException.conflict(
                    "cannot join " + (kind.equals("net") ? "network" : kind.toUpperCase(java.util.Locale.ROOT))
                            + " namespace of a non running container: " + other.id);
        }
        return "/proc/" + state.pid() + "/ns/" + kind;
    }

    /** Takes the container's network away; does nothing if it has none. */
    void detach(String id) {
        try {
            networks.detach(id);
        } catch (RuntimeException e) {
            // an end must come to its end; the leftover is taken away when the engine starts
            LOG.error("detach the network of {}", id, e);
        }
    }

    @Nullable
    Sandbox sandbox(String id) {
        return networks.sandbox(id);
    }
}
