package io.drydock.registry.server;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What of the configuration can be changed while the registry serves, and what cannot. */
final class Reload {
    private Reload() {}

    /** @throws IllegalArgumentException naming the first key that differs and needs a restart */
    static void check(Settings now, Settings next) {
        var storage = now.storage();
        var http = now.http();
        var nextHttp = next.http();
        same("storage", storage.place(), next.storage().place());
        same("storage.maintenance", storage.maintenance(), next.storage().maintenance());
        same("proxy", now.proxy(), next.proxy());
        same("http.addr", http.address(), nextHttp.address());
        same("http.net", http.unix(), nextHttp.unix());
        same("http.tls", http.isTls(), nextHttp.isTls());
        same("http.tls.letsencrypt", http.acme(), nextHttp.acme());
        same("http.http2", http.http2(), nextHttp.http2());
        same("http.h2c", http.h2c(), nextHttp.h2c());
        same("http.draintimeout", http.drain(), nextHttp.drain());
        same(
                "http.debug",
                Map.entry(http.debugAddress(), http.metricsPath()),
                Map.entry(nextHttp.debugAddress(), nextHttp.metricsPath()));
    }

    private static void same(String key, @Nullable Object now, @Nullable Object next) {
        if (!Objects.equals(now, next)) {
            throw new IllegalArgumentException(
                    "configuration: " + key + " cannot be changed while the registry serves");
        }
    }
}
