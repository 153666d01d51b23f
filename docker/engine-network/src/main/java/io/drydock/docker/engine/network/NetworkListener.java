package io.drydock.docker.engine.network;

/** Hears what happens to networks, for the engine's events. Called on the thread that caused it; must not block or throw. */
public interface NetworkListener {

    /** What can happen. */
    enum Action {
        CREATE,
        DESTROY,
        CONNECT,
        DISCONNECT
    }

    /**
     * Something happened to a network.
     *
     * @param action what
     * @param network the network
     * @param containerId the container that was connected or disconnected; empty for other actions
     */
    void onNetwork(Action action, Network network, String containerId);
}
