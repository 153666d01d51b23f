package io.drydock.registry.server;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The registry that this one is a cache of: the part {@code proxy} of the configuration.
 *
 * @param remote its address
 * @param user to be there, empty for nobody in particular
 * @param ttl how long something stays after its last use; zero for ever
 */
record ProxySettings(URI remote, String user, String password, Duration ttl) {

    static Optional<ProxySettings> of(ConfigNode proxy) {
        proxy.only(List.of("remoteurl", "username", "password", "ttl"));
        var remote = proxy.text("remoteurl", "");
        if (remote.isEmpty()) {
            return Optional.empty();
        }
        try {
            var uri = URI.create(remote.endsWith("/") ? remote.substring(0, remote.length() - 1) : remote);
            if (uri.getHost() == null || !List.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
                throw new IllegalArgumentException("not the address of a registry");
            }
            return Optional.of(new ProxySettings(
                    uri,
                    proxy.text("username", ""),
                    proxy.text("password", ""),
                    proxy.duration("ttl", Duration.ofHours(168))));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("configuration: proxy.remoteurl: " + remote + ": " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return "ProxySettings[" + remote + "]";
    }
}
