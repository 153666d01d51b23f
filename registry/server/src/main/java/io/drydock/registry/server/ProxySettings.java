package io.drydock.registry.server;

import io.drydock.registry.storage.Names;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The registries that this one is a cache of: the part {@code proxy} of the configuration.
 *
 * @param main whose repositories have the same names here; null if all have the upstream's before theirs
 * @param others whose repositories are here behind their name, or asked for with {@code ?ns=}
 * @param ttl how long something stays after its last use; zero for ever
 * @param most bytes of blobs that stay; zero for any number
 * @param interval how often that is looked at
 */
record ProxySettings(@Nullable Upstream main, List<Upstream> others, Duration ttl, long most, Duration interval) {

    /**
     * A registry to fetch from.
     *
     * @param name as clients call it in {@code ns}; empty for the main one
     * @param remote its address
     * @param user to be there, empty for nobody in particular
     */
    record Upstream(String name, URI remote, String user, String password) {
        /** What its repositories' names begin with here, a slash at the end. */
        String folder() {
            return name.isEmpty() ? "" : name.replace(':', '_') + "/";
        }

        @Override
        public String toString() {
            return "Upstream[" + name + " " + remote + "]";
        }
    }

    static Optional<ProxySettings> of(ConfigNode proxy) {
        proxy.only(List.of("remoteurl", "username", "password", "ttl", "upstreams", "maxsize", "interval"));
        var main = proxy.text("remoteurl", "").isEmpty() ? null : upstream(proxy, "");
        var others = new ArrayList<Upstream>();
        for (var node : proxy.nodes("upstreams")) {
            node.only(List.of("name", "remoteurl", "username", "password"));
            var upstream = upstream(node, node.text("name", ""));
            if (!Names.isRepository(upstream.folder() + "x")) {
                throw new IllegalArgumentException(
                        "configuration: " + node.path() + "name: not the name of a registry: " + upstream.name());
            }
            others.add(upstream);
        }
        if (main == null && others.isEmpty()) {
            return Optional.empty();
        }
        var interval = proxy.duration("interval", Duration.ofMinutes(1));
        if (!interval.isPositive()) {
            throw new IllegalArgumentException("configuration: proxy.interval must be longer than 0");
        }
        return Optional.of(new ProxySettings(
                main,
                List.copyOf(others),
                proxy.duration("ttl", Duration.ofHours(168)),
                proxy.has("maxsize") ? proxy.bytes("maxsize") : 0,
                interval));
    }

    private static Upstream upstream(ConfigNode node, String name) {
        var remote = node.text("remoteurl", "");
        try {
            var uri = URI.create(remote.endsWith("/") ? remote.substring(0, remote.length() - 1) : remote);
            if (uri.getHost() == null || !List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                throw new IllegalArgumentException("not the address of a registry");
            }
            return new Upstream(name, uri, node.text("username", ""), node.text("password", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "configuration: " + node.path() + "remoteurl: " + remote + ": " + e.getMessage(), e);
        }
    }

    /** The one that has a repository, null if none has. */
    @Nullable
    Upstream of(String repository) {
        for (var other : others) {
            if (repository.startsWith(other.folder())) {
                return other;
            }
        }
        return main;
    }

    /** The one that clients call so, null if none is. */
    @Nullable
    Upstream named(String name) {
        return others.stream()
                .filter(other -> other.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
