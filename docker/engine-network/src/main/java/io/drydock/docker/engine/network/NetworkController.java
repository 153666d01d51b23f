package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import io.drydock.docker.engine.network.NetworkListener.Action;
import io.drydock.docker.engine.plugin.Plugins;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The networks of one engine and the containers attached to them.
 *
 * <p>Safe for use by many threads; containers are attached and detached side by side. Everything returned is an immutable
 * snapshot and costs no system call.
 */
public final class NetworkController implements AutoCloseable {
    private final NetworkListener listener;
    private final NetworkParts parts;
    private final NetworkTable table;
    private final NetworkMaker maker;
    private final Sandboxes sandboxes;
    private final BridgeWatch watch;

    private NetworkController(NetworkListener listener, NetworkParts parts, NetworkMaker maker) throws IOException {
        this.listener = listener;
        this.parts = parts;
        this.table = parts.table();
        this.maker = maker;
        this.sandboxes = new Sandboxes(table, parts, listener);
        this.watch = new BridgeWatch(parts.linux(), parts.poller(), table, maker, sandboxes);
    }

    /**
     * Opens the networks: brings those of the store up, makes the default bridge and the firewall table if they are missing,
     * takes over the sandboxes and the docker-proxy that an earlier process left, and fills the pool of namespaces in the
     * background.
     *
     * @param plugins drivers of networks and addresses beside the engine
     * @throws NetworkException if the default bridge cannot be made
     */
    public static NetworkController open(
            NetworkConfig config, Plugins plugins, NetworkStore store, NetworkListener listener)
            throws NetworkException {
        try {
            var parts = NetworkParts.open(config, plugins, store);
            var maker = new NetworkMaker(
                    parts.table(),
                    store,
                    parts.host(),
                    new SubnetPools(config.addressPools()),
                    parts.firewall(),
                    config.proxy().enabled(),
                    plugins);
            var controller = new NetworkController(listener, parts, maker);
            controller.sandboxes.adopt(parts.sandboxes());
            return controller;
        } catch (IOException e) {
            throw new NetworkException(Kind.SYSTEM, "error initializing network controller: " + e.getMessage(), e);
        }
    }

    /** All networks, the predefined ones among them, ordered by name. */
    public List<Network> networks() {
        return table.networks();
    }

    /**
     * The network of that id, name or unique beginning of an id.
     *
     * @throws NetworkException (NOT_FOUND) {@code network x not found}
     */
    public Network network(String nameOrId) throws NetworkException {
        return table.find(nameOrId).network();
    }

    /**
     * Makes a network.
     *
     * @throws NetworkException with the words Docker's users know, such as {@code Pool overlaps with other one on this address
     *     space}
     */
    public Network create(NetworkRequest request) throws NetworkException {
        try {
            var network = maker.create(request);
            listener.onNetwork(Action.CREATE, network, "");
            return network;
        } catch (IOException e) {
            throw new NetworkException(Kind.SYSTEM, String.valueOf(e.getMessage()), e);
        }
    }

    /** Removes a network no running container is attached to. */
    public void remove(String nameOrId) throws NetworkException {
        try {
            var network = maker.remove(nameOrId);
            sandboxes.forget(network);
            listener.onNetwork(Action.DESTROY, network, "");
        } catch (IOException e) {
            throw new NetworkException(Kind.SYSTEM, String.valueOf(e.getMessage()), e);
        }
    }

    /** The sandboxes that have an endpoint in the network. */
    public List<Sandbox> sandboxesOf(String networkId) {
        return sandboxes.all().stream()
                .filter(sandbox -> sandbox.endpoint(networkId) != null)
                .toList();
    }

    /** The container's sandbox; null if it is not attached. */
    public @Nullable Sandbox sandbox(String containerId) {
        return sandboxes.of(containerId);
    }

    /**
     * Gives a container its network: a namespace with its interfaces up, addresses and routes set, and the ports published.
     * Nothing is left behind if it fails.
     *
     * @throws NetworkException with the words Docker's users know, such as {@code driver failed programming external
     *     connectivity on endpoint web (…): Bind for 0.0.0.0:80 failed: port is already allocated}
     */
    public Sandbox attach(SandboxRequest request) throws NetworkException {
        return sandboxes.attach(request);
    }

    /** Connects an attached container to one more network. */
    public Sandbox connect(String containerId, EndpointRequest request) throws NetworkException {
        return sandboxes.connect(containerId, request);
    }

    /** Disconnects an attached container from a network. */
    public Sandbox disconnect(String containerId, Network network) throws NetworkException {
        return sandboxes.disconnect(containerId, network);
    }

    /** An attached container has another name from now on. */
    public void rename(String containerId, String name) throws NetworkException {
        sandboxes.rename(containerId, name);
    }

    /** Takes a container's network away: ports first, then addresses; the namespace goes in the background. Idempotent. */
    public void detach(String containerId) {
        sandboxes.detach(containerId);
    }

    /**
     * Tells which containers still run after a restart of dockerd. The sandboxes of all others are detached.
     *
     * @param running full ids
     */
    public void restore(Set<String> running) {
        for (var sandbox : sandboxes.all()) {
            if (!running.contains(sandbox.containerId())) {
                detach(sandbox.containerId());
            }
        }
    }

    /** Checks that a container could be given these addresses of a network; whether they are free is seen when it starts. */
    public void check(EndpointRequest request) throws NetworkException {
        var network = network(request.network());
        if (!request.ipv4().isEmpty() || !request.ipv6().isEmpty()) {
            EndpointPlanner.checkStatic(network);
        }
    }

    /** Stops watching. Sandboxes, rules and docker-proxy stay, so that containers keep their network. */
    @Override
    public void close() {
        watch.close();
        sandboxes.close();
        parts.close();
    }
}
