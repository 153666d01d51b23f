package io.drydock.docker.engine.network.dns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Who is in which network, by name and by address. Safe for several threads. */
public final class NameDirectory {
    private final Map<String, Names> networks = new ConcurrentHashMap<>();

    private static final class Names {
        /** By name, and there by the place's id: one name may be that of several containers. */
        private final Map<String, Map<String, Place>> byName = new HashMap<>();

        private final Map<String, Place> byAddress = new HashMap<>();
    }

    /** A place can be found from now on. */
    public void add(Place place) {
        if (place.names().isEmpty()) {
            return;
        }
        var names = networks.computeIfAbsent(place.networkId(), id -> new Names());
        synchronized (names) {
            for (var name : place.names()) {
                names.byName
                        .computeIfAbsent(name.toLowerCase(Locale.ROOT), key -> new LinkedHashMap<>())
                        .put(place.id(), place);
            }
            addresses(place).forEach(address -> names.byAddress.put(key(address), place));
        }
    }

    /** A place is gone. */
    public void remove(Place place) {
        var names = networks.get(place.networkId());
        if (names == null) {
            return;
        }
        synchronized (names) {
            for (var name : place.names()) {
                var key = name.toLowerCase(Locale.ROOT);
                var places = names.byName.get(key);
                if (places != null && places.remove(place.id()) != null && places.isEmpty()) {
                    names.byName.remove(key);
                }
            }
            names.byAddress.values().removeIf(other -> other.id().equals(place.id()));
        }
    }

    /** The network is gone. */
    public void forget(String networkId) {
        networks.remove(networkId);
    }

    /**
     * The addresses of a name in a network, in an order of chance.
     *
     * @param ipv6 of which family
     * @return empty if there is none of that family; null if nobody has the name
     */
    @Nullable
    List<byte[]> addresses(String networkId, String name, boolean ipv6) {
        var names = networks.get(networkId);
        if (names == null) {
            return null;
        }
        var found = new ArrayList<byte[]>();
        synchronized (names) {
            var places = names.byName.get(name);
            if (places == null) {
                return null;
            }
            places.values().forEach(place -> found.addAll(place.addresses(ipv6)));
        }
        Collections.shuffle(found);
        return found;
    }

    /** Who has that address in a network, as {@code name.network}; null if nobody has. */
    @Nullable
    String nameOf(String networkId, byte[] address) {
        var names = networks.get(networkId);
        if (names == null) {
            return null;
        }
        synchronized (names) {
            var place = names.byAddress.get(key(address));
            return place == null ? null : place.names().getFirst() + "." + place.networkName();
        }
    }

    private static List<byte[]> addresses(Place place) {
        var all = new ArrayList<>(place.addresses(false));
        all.addAll(place.addresses(true));
        return all;
    }

    private static String key(byte[] address) {
        return java.util.HexFormat.of().formatHex(address);
    }
}
