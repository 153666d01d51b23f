package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.network.Network;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.docker.engine.network.NetworkException;
import io.drydock.spec.engine.EndpointSettings;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connects containers to networks and disconnects them, whether they run or not. */
public final class NetworkMembers {
    private final ContainerTable table;
    private final EngineDatabase database;
    private final NetworkController networks;
    private final Networking networking;
    private final ContainerPaths paths;

    NetworkMembers(
            ContainerTable table,
            EngineDatabase database,
            NetworkController networks,
            Networking networking,
            ContainerPaths paths) {
        this.table = table;
        this.database = database;
        this.networks = networks;
        this.networking = networking;
        this.paths = paths;
    }

    /**
     * Connects a container.
     *
     * @param network the network's name or id; one that does not exist yet will do for a container that does not run
     * @param wish what is asked for; null for nothing
     */
    public void connect(String network, String name, @Nullable EndpointSettings wish) {
        var container = table.find(name);
        var settings = wish == null ? EndpointWishes.none() : wish;
        container.lockForRequest();
        try {
            if (container.removing) {
                throw EngineException.conflict("container " + container.id + " is marked for removal and cannot be "
                        + "connected or disconnected to the network");
            }
            if (container.state().alive()) {
                connectRunning(container, find(network), settings);
            } else {
                connectStopped(container, network, settings);
            }
        } finally {
            container.lock.unlock();
        }
    }

    private void connectStopped(Container container, String name, EndpointSettings settings) {
        Network network;
        try {
            network = networks.network(name);
        } catch (NetworkException e) {
            remember(container, name, settings);
            return;
        }
        checkModes(container, network);
        networking.wishes().check(network, settings);
        if (!container.definition().endpoints().containsKey(network.name())) {
            remember(container, network.name(), settings);
        }
    }

    private void connectRunning(Container container, Network network, EndpointSettings settings) {
        checkModes(container, network);
        var definition = container.definition();
        try {
            var request = networking.wishes().of(definition, network.name(), settings);
            var sandbox = networks.connect(container.id, request);
            remember(container, network.name(), settings);
            networking.connected(paths.directory(container.id), container.definition(), sandbox, network);
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    /** Modes that share a network, or have none, go with no other. */
    private static void checkModes(Container container, Network network) {
        var definition = container.definition();
        String mode = definition.hostConfig().networkMode();
        if (network.driver().equals("host") != mode.equals("host")
                && network.driver().equals("host")) {
            throw EngineException.invalid(
                    "container cannot be disconnected from host network or connected to host network");
        }
        if (mode.equals("host") || mode.startsWith("container:")) {
            throw EngineException.invalid(
                    "container sharing network namespace with another container or host cannot be "
                            + "connected to any other network");
        }
        boolean isolated = definition.endpoints().containsKey("none");
        if (isolated
                || network.driver().equals("null") && !definition.endpoints().isEmpty()) {
            throw EngineException.invalid("container cannot be connected to multiple networks with one of the networks "
                    + "in private (none) mode");
        }
    }

    private Network find(String name) {
        try {
            return networks.network(name);
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        }
    }

    private void remember(Container container, String network, EndpointSettings settings) {
        var endpoints = new LinkedHashMap<>(container.definition().endpoints());
        endpoints.put(network, settings);
        store(container, endpoints);
    }

    private void store(Container container, Map<String, EndpointSettings> endpoints) {
        Definition changed = container.definition().withEndpoints(endpoints);
        database.put(changed, container.state());
        container.definition(changed);
    }

    /**
     * Disconnects a container.
     *
     * @param force also if the container is gone or the network's driver fails; this engine's networks know no container that
     *     does not exist, and their bridges do not fail to let go
     */
    public void disconnect(String networkName, String name, boolean force) {
        var container = table.find(name);
        container.lockForRequest();
        try {
            String network = resolved(networkName, container);
            if (container.state().alive()) {
                disconnectRunning(container, find(network));
            }
            if (!container.definition().endpoints().containsKey(network)) {
                throw EngineException.system(
                        "container " + container.id + " is not connected to the network " + network, null);
            }
            var endpoints = new LinkedHashMap<>(container.definition().endpoints());
            endpoints.remove(network);
            store(container, endpoints);
        } finally {
            container.lock.unlock();
        }
    }

    /** The network's name; one that is gone can still be forgotten by a container that does not run. */
    private String resolved(String nameOrId, Container container) {
        try {
            return networks.network(nameOrId).name();
        } catch (NetworkException e) {
            if (!container.state().alive() && container.definition().endpoints().containsKey(nameOrId)) {
                return nameOrId;
            }
            throw NetworkFailure.of(e);
        }
    }

    private void disconnectRunning(Container container, Network network) {
        if (container.definition().hostConfig().networkMode().equals("host")
                && network.driver().equals("host")) {
            throw EngineException.invalid(
                    "container cannot be disconnected from host network or connected to host network");
        }
        try {
            var before = networks.sandbox(container.id);
            var endpoint = before == null ? null : before.endpoint(network.id());
            if (endpoint == null || endpoint.interfaceName().isEmpty()) {
                throw EngineException.system(
                        "container " + container.id + " is not connected to network " + network.name(), null);
            }
            var sandbox = networks.disconnect(container.id, network);
            networking.disconnected(paths.directory(container.id), container.definition(), sandbox, endpoint);
        } catch (NetworkException e) {
            throw NetworkFailure.of(e);
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }
}
