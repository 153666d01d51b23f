package io.drydock.docker.engine.network;

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

    private NetworkController() {}

    /**
     * Opens the networks: makes the default bridge and the firewall table if they are missing, takes over the sandboxes and
     * the docker-proxy that an earlier process left, and fills the pool of namespaces in the background.
     *
     * @throws NetworkException if the default bridge cannot be made
     */
    public static NetworkController open(NetworkConfig config, NetworkListener listener) throws NetworkException {
        throw new NetworkException(NetworkException.Kind.SYSTEM, "networks of " + config.root() + " for " + listener);
    }

    /** All networks, the predefined ones among them, ordered by name. */
    public List<Network> networks() {
        return List.of();
    }

    /**
     * The network of that name, id or unique beginning of an id.
     *
     * @throws NetworkException (NOT_FOUND) {@code network x not found}
     */
    public Network network(String nameOrId) throws NetworkException {
        throw new NetworkException(NetworkException.Kind.NOT_FOUND, "network " + nameOrId + " not found");
    }

    /** The sandboxes that have an endpoint in the network. */
    public List<Sandbox> sandboxesOf(String networkId) {
        return List.of();
    }

    /** The container's sandbox; null if it is not attached. */
    public @Nullable Sandbox sandbox(String containerId) {
        return null;
    }

    /**
     * Gives a container its network: a namespace with its interface up, addresses and routes set, and the ports published.
     * Nothing is left behind if it fails.
     *
     * @throws NetworkException with the words Docker's users know, such as {@code driver failed programming external
     *     connectivity on endpoint web (…): Bind for 0.0.0.0:80 failed: port is already allocated}
     */
    public Sandbox attach(SandboxRequest request) throws NetworkException {
        network(request.networkMode());
        throw new NetworkException(NetworkException.Kind.SYSTEM, "attach container " + request.containerId());
    }

    /** Takes a container's network away: ports first, then addresses; the namespace goes in the background. Idempotent. */
    public void detach(String containerId) {}

    /**
     * Tells which containers still run after a restart of dockerd. The sandboxes of all others are detached.
     *
     * @param running full ids
     */
    public void restore(Set<String> running) {}

    /** Stops watching. Sandboxes, rules and docker-proxy stay, so that containers keep their network. */
    @Override
    public void close() {}
}
