package io.drydock.docker.engine.network;

import io.drydock.docker.engine.network.NetworkException.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The networks by id. Safe for several threads. */
final class NetworkTable {
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** A network and how many containers are attached to it; it can be removed when there is none. */
    static final class Entry {
        private final Network network;
        private volatile @Nullable BridgeNetwork bridge;
        private int endpoints;
        private boolean removed;

        /** The bridge is null for other drivers, and for a network that could not be brought up. */
        Entry(Network network, @Nullable BridgeNetwork bridge) {
            this.network = network;
            this.bridge = bridge;
        }

        Network network() {
            return network;
        }

        @Nullable
        BridgeNetwork bridge() {
            return bridge;
        }

        /** The bridge, which must be up. */
        BridgeNetwork requireBridge() throws NetworkException {
            var up = bridge;
            if (up == null) {
                throw new NetworkException(Kind.SYSTEM, "network " + network.name() + " is not up");
            }
            return up;
        }

        /** The bridge was made again. */
        void bridge(BridgeNetwork again) {
            bridge = again;
        }

        /** Counts one more container in; refused if the network is being removed. */
        synchronized void enter() throws NetworkException {
            if (removed) {
                throw notFound(network.name());
            }
            endpoints++;
        }

        synchronized void leave() {
            endpoints--;
        }

        /** Takes the network out of use, unless it is in use. */
        synchronized void retire() throws NetworkException {
            if (removed) {
                throw notFound(network.name());
            }
            if (endpoints > 0) {
                throw new NetworkException(
                        Kind.FORBIDDEN,
                        "error while removing network: network " + network.name() + " id " + network.id()
                                + " has active endpoints");
            }
            removed = true;
        }

        synchronized boolean inUse() {
            return endpoints > 0;
        }
    }

    static NetworkException notFound(String nameOrId) {
        return new NetworkException(Kind.NOT_FOUND, "network " + nameOrId + " not found");
    }

    void add(Entry entry) {
        entries.put(entry.network().id(), entry);
    }

    void remove(String id) {
        entries.remove(id);
    }

    Collection<Entry> all() {
        return entries.values();
    }

    /** Those of driver bridge that are up. */
    List<BridgeNetwork> bridges() {
        var bridges = new ArrayList<BridgeNetwork>();
        for (var entry : entries.values()) {
            var bridge = entry.bridge();
            if (bridge != null) {
                bridges.add(bridge);
            }
        }
        return bridges;
    }

    /** Ordered by name. */
    List<Network> networks() {
        return entries.values().stream()
                .map(Entry::network)
                .sorted(Comparator.comparing(Network::name))
                .toList();
    }

    @Nullable
    Entry byId(String id) {
        return entries.get(id);
    }

    @Nullable
    Entry byName(String name) {
        return entries.values().stream()
                .filter(entry -> entry.network().name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** The network of a full id, a name, or a unique beginning of an id, in this order. */
    Entry find(String nameOrId) throws NetworkException {
        var exact = entries.get(nameOrId);
        if (exact != null) {
            return exact;
        }
        var named = byName(nameOrId);
        if (named != null) {
            return named;
        }
        var matching = entries.values().stream()
                .filter(entry -> !nameOrId.isEmpty() && entry.network().id().startsWith(nameOrId))
                .toList();
        return switch (matching.size()) {
            case 0 -> throw notFound(nameOrId);
            case 1 -> matching.getFirst();
            default ->
                throw new NetworkException(
                        Kind.INVALID,
                        "network " + nameOrId + " is ambiguous (" + matching.size() + " matches found on ID prefix)");
        };
    }
}
