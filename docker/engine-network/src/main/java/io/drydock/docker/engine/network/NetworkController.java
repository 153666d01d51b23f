package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.NetworkListener.Action;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of one engine and the containers attached to them.
 *
 * <p>Safe for use by many threads; containers are attached and detached side by side. Everything returned is an immutable
 * snapshot and costs no system call.
 */
public final class NetworkController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkController.class);
    private static final String INTERFACE = "eth0";

    private final NetworkListener listener;
    private final NetworkParts parts;
    private final Map<String, Network> networks = new ConcurrentHashMap<>();
    private final Map<String, BridgeNetwork> bridges = new ConcurrentHashMap<>();
    private final Map<String, Sandbox> sandboxes = new ConcurrentHashMap<>();

    private NetworkController(NetworkListener listener, NetworkParts parts) {
        this.listener = listener;
        this.parts = parts;
    }

    /**
     * Opens the networks: makes the default bridge and the firewall table if they are missing, takes over the sandboxes and
     * the docker-proxy that an earlier process left, and fills the pool of namespaces in the background.
     *
     * @throws NetworkException if the default bridge cannot be made
     */
    public static NetworkController open(NetworkConfig config, NetworkListener listener) throws NetworkException {
        try {
            var parts = NetworkParts.open(config);
            var controller = new NetworkController(listener, parts);
            parts.networks().forEach(network -> controller.networks.put(network.id(), network));
            parts.bridges()
                    .forEach(bridge -> controller.bridges.put(bridge.network().id(), bridge));
            parts.sandboxes().forEach(sandbox -> controller.sandboxes.put(sandbox.containerId(), sandbox));
            return controller;
        } catch (IOException e) {
            throw new NetworkException(Kind.SYSTEM, "error initializing network controller: " + e.getMessage(), e);
        }
    }

    /** All networks, the predefined ones among them, ordered by name. */
    public List<Network> networks() {
        return networks.values().stream()
                .sorted(Comparator.comparing(Network::name))
                .toList();
    }

    /**
     * The network of that name, id or unique beginning of an id.
     *
     * @throws NetworkException (NOT_FOUND) {@code network x not found}
     */
    public Network network(String nameOrId) throws NetworkException {
        var exact = networks.get(nameOrId);
        if (exact != null) {
            return exact;
        }
        var matching = new ArrayList<Network>();
        for (var network : networks.values()) {
            if (network.name().equals(nameOrId)) {
                return network;
            }
            if (!nameOrId.isEmpty() && network.id().startsWith(nameOrId)) {
                matching.add(network);
            }
        }
        return switch (matching.size()) {
            case 0 -> throw new NetworkException(Kind.NOT_FOUND, "network " + nameOrId + " not found");
            case 1 -> matching.getFirst();
            default ->
                throw new NetworkException(
                        Kind.INVALID,
                        "network " + nameOrId + " is ambiguous (" + matching.size() + " matches found on ID prefix)");
        };
    }

    /** The sandboxes that have an endpoint in the network. */
    public List<Sandbox> sandboxesOf(String networkId) {
        return sandboxes.values().stream()
                .filter(sandbox ->
                        sandbox.endpoints().stream().anyMatch(e -> e.networkId().equals(networkId)))
                .toList();
    }

    /** The container's sandbox; null if it is not attached. */
    public @Nullable Sandbox sandbox(String containerId) {
        return sandboxes.get(containerId);
    }

    /**
     * Gives a container its network: a namespace with its interface up, addresses and routes set, and the ports published.
     * Nothing is left behind if it fails.
     *
     * @throws NetworkException with the words Docker's users know, such as {@code driver failed programming external
     *     connectivity on endpoint web (…): Bind for 0.0.0.0:80 failed: port is already allocated}
     */
    public Sandbox attach(SandboxRequest request) throws NetworkException {
        var network = network(mode(request.networkMode()));
        if (sandboxes.containsKey(request.containerId())) {
            detach(request.containerId());
        }
        try {
            var sandbox = attach(request, network);
            sandboxes.put(request.containerId(), sandbox);
            listener.onNetwork(Action.CONNECT, network, request.containerId());
            return sandbox;
        } catch (IOException e) {
            throw new NetworkException(Kind.SYSTEM, String.valueOf(e.getMessage()), e);
        }
    }

    private String mode(String mode) {
        if (!mode.isEmpty() && !mode.equals("default") && !mode.equals("bridge")) {
            return mode;
        }
        return networks.values().stream().anyMatch(network -> network.name().equals("bridge")) ? "bridge" : "none";
    }

    private Sandbox attach(SandboxRequest request, Network network) throws IOException, NetworkException {
        return switch (network.driver()) {
            case "host" -> withoutInterface(request, network, parts.directory().resolve("default"), HexIds.id(), true);
            case "null" -> {
                var id = HexIds.id();
                var file = parts.directory().resolve(id.substring(0, 12));
                parts.namespaces().create(file).close();
                yield withoutInterface(request, network, file, id, false);
            }
            default -> {
                var bridge = bridges.get(network.id());
                if (bridge == null) {
                    throw new NetworkException(Kind.NOT_FOUND, "network " + network.name() + " not found");
                }
                yield new BridgeAttachment(parts, bridge, request, INTERFACE).attach();
            }
        };
    }

    private Sandbox withoutInterface(SandboxRequest request, Network network, Path file, String id, boolean host)
            throws IOException {
        var endpoint = new Endpoint(HexIds.id(), network.id(), network.name(), "", "", "", 0, "", "", List.of());
        var sandbox = new Sandbox(
                id, request.containerId(), request.containerName(), file.toString(), host, List.of(endpoint));
        parts.store().put(request.containerId(), sandbox);
        return sandbox;
    }

    /** Takes a container's network away: ports first, then addresses; the namespace goes in the background. Idempotent. */
    public void detach(String containerId) {
        var sandbox = sandboxes.remove(containerId);
        if (sandbox == null) {
            return;
        }
        for (var endpoint : sandbox.endpoints()) {
            var bridge = bridges.get(endpoint.networkId());
            if (bridge != null) {
                attempt("withdraw ports of", sandbox, () -> withdraw(endpoint));
                attempt("detach", sandbox, () -> parts.reaper().retire(endpoint.hostInterfaceName()));
                var address = Ipv4Subnet.parseAddress(endpoint.ipAddress());
                if (address != null) {
                    bridge.addresses().release(address);
                }
            }
        }
        attempt("forget", sandbox, () -> parts.store().remove(containerId));
        if (!sandbox.hostNetwork()) {
            parts.reaper().remove(sandbox.netns());
        }
        for (var endpoint : sandbox.endpoints()) {
            var network = networks.get(endpoint.networkId());
            if (network != null) {
                listener.onNetwork(Action.DISCONNECT, network, containerId);
            }
        }
    }

    private void withdraw(Endpoint endpoint) throws IOException {
        var address = Ipv4Subnet.parseAddress(endpoint.ipAddress());
        if (address != null) {
            parts.publisher().withdraw(address, endpoint.ports());
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /** A step of a clean-up: if it fails, the others are still to be done. */
    private static void attempt(String what, Sandbox sandbox, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            LOG.warn("{} container {}: {}", what, sandbox.containerId(), e.getMessage());
        }
    }

    /**
     * Tells which containers still run after a restart of dockerd. The sandboxes of all others are detached.
     *
     * @param running full ids
     */
    public void restore(Set<String> running) {
        for (var containerId : List.copyOf(sandboxes.keySet())) {
            if (!running.contains(containerId)) {
                detach(containerId);
            }
        }
    }

    /** Stops watching. Sandboxes, rules and docker-proxy stay, so that containers keep their network. */
    @Override
    public void close() {
        parts.close();
    }
}
