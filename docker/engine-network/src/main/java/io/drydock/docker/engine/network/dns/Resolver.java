package io.drydock.docker.engine.network.dns;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a container may know about its networks: the names under which it linked others, the names of containers in its networks,
 * also with the network's name behind them, and the names of their addresses.
 */
final class Resolver {
    private static final String REVERSE_IPV4 = ".in-addr.arpa";
    private static final String REVERSE_IPV6 = ".ip6.arpa";

    private final NameDirectory directory;
    private final Function<String, @Nullable Member> members;

    /** A resolver that looks up containers, by full id, for links. */
    Resolver(NameDirectory directory, Function<String, @Nullable Member> members) {
        this.directory = directory;
        this.members = members;
    }

    /** The answer to a container's question; null if others are to be asked. */
    byte @Nullable [] answer(Member asker, Question question) {
        var name = question.name();
        if (question.type() == Question.PTR) {
            var address = reversed(name);
            var found = address == null ? null : nameOf(asker, address);
            return found == null ? null : Response.name(question, found);
        }
        boolean ipv6 = question.type() == Question.AAAA;
        var addresses = find(asker, name, ipv6);
        if (addresses == null) {
            return null;
        }
        // the name is ours: of other kinds of records it has none
        return Response.addresses(question, ipv6 || question.type() == Question.A ? addresses : List.of());
    }

    /** Null if nobody has the name. */
    private @Nullable List<byte[]> find(Member asker, String name, boolean ipv6) {
        var found = find(asker, name, null, ipv6);
        for (int dot = name.lastIndexOf('.'); found == null && dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            found = find(asker, name.substring(0, dot), name.substring(dot + 1), ipv6);
        }
        return found;
    }

    private @Nullable List<byte[]> find(Member asker, String name, @Nullable String network, boolean ipv6) {
        for (var place : asker.places()) {
            if (network == null || place.networkName().toLowerCase(Locale.ROOT).equals(network)) {
                var linked = linked(place, name, ipv6);
                var found = linked == null ? directory.addresses(place.networkId(), name, ipv6) : linked;
                if (found != null && !place.names().isEmpty()) {
                    return found;
                }
            }
        }
        return null;
    }

    private @Nullable List<byte[]> linked(Place place, String name, boolean ipv6) {
        for (var link : place.links().entrySet()) {
            if (link.getKey().toLowerCase(Locale.ROOT).equals(name)) {
                var other = members.apply(link.getValue());
                return other == null ? null : addresses(other, place.networkId(), ipv6);
            }
        }
        return null;
    }

    private static @Nullable List<byte[]> addresses(Member member, String networkId, boolean ipv6) {
        for (var place : member.places()) {
            if (place.networkId().equals(networkId)) {
                return place.addresses(ipv6);
            }
        }
        return null;
    }

    private @Nullable String nameOf(Member asker, byte[] address) {
        for (var place : asker.places()) {
            var name = directory.nameOf(place.networkId(), address);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    /** The address in {@code 2.0.18.172.in-addr.arpa} and the like; null if it is none. */
    private static byte @Nullable [] reversed(String name) {
        boolean ipv6 = name.endsWith(REVERSE_IPV6);
        if (!ipv6 && !name.endsWith(REVERSE_IPV4)) {
            return null;
        }
        var parts = name.substring(0, name.length() - (ipv6 ? REVERSE_IPV6 : REVERSE_IPV4).length())
                .split("\\.");
        if (parts.length != (ipv6 ? 32 : 4)) {
            return null;
        }
        var address = new byte[ipv6 ? 16 : 4];
        try {
            for (int i = 0; i < parts.length; i++) {
                int value = Integer.parseInt(parts[parts.length - 1 - i], ipv6 ? 16 : 10);
                if (value < 0 || value > (ipv6 ? 15 : 255)) {
                    return null;
                }
                int at = ipv6 ? i / 2 : i;
                address[at] = (byte) (ipv6 ? address[at] << 4 | value : value);
            }
        } catch (NumberFormatException e) {
            return null;
        }
        return address;
    }
}
