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
        private volatile @Nullable LiveNetwork live;
        private int endpoints;
        private boolean removed;

        /** The live network is null for host and none, and for a network that could not be brought up. */
        Entry(Network network, @Nullable LiveNetwork live) {
            this.network = network;
            this.live = live;
        }

        Network network() {
            return network;
        }

        @Nullable
        LiveNetwork live() {
            return live;
        }

        /** The network, which must be up. */
        LiveNetwork requireLive() throws NetworkException {
            var up = live;
            if (up == null) {
                throw new NetworkException(Kind.SYSTEM, "network " + network.name() + " is not up");
            }
            return up;
        }

        /** The bridge was made again. */
        void live(LiveNetwork again) {
            live = again;
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

    /** Those with interfaces, which are up. */
    List<LiveNetwork> live() {
        var live = new ArrayList<LiveNetwork>();
        for (var entry : entries.values()) {
            var network = entry.live();
            if (network != null) {
                live.add(network);
            }
        }
        return live;
    }

    /** Those of driver bridge that are up. */
    List<LiveNetwork> bridges() {
        return live().stream().filter(LiveNetwork::isBridge).toList();
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
