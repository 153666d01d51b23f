package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.spec.oci.Digest;

/**
 * Addresses that answers name.
 *
 * @param host scheme and host to name instead of those of the request; empty for the request's
 * @param relative whether only paths are named
 * @param prefix before {@code /v2/}: empty, or a path that does not end with a slash
 */
record Locations(String host, boolean relative, String prefix) {

    static Locations of(HttpSettings settings) {
        String prefix = settings.prefix();
        return new Locations(settings.host(), settings.relativeUrls(), prefix.substring(0, prefix.length() - 1));
    }

    String upload(Exchange exchange, String repository, String id) {
        return at(exchange, prefix + "/v2/" + repository + "/blobs/uploads/" + id);
    }

    String blob(Exchange exchange, String repository, Digest digest) {
        return at(exchange, prefix + "/v2/" + repository + "/blobs/" + digest);
    }

    String manifest(Exchange exchange, String repository, Digest digest) {
        return at(exchange, prefix + "/v2/" + repository + "/manifests/" + digest);
    }

    /** Where tokens are signed; always with a host. */
    String token(Exchange exchange) {
        return absolute(exchange, prefix + "/auth/token");
    }

    private String at(Exchange exchange, String path) {
        return relative ? path : absolute(exchange, path);
    }

    private String absolute(Exchange exchange, String path) {
        if (!host.isEmpty()) {
            return host + path;
        }
        var request = exchange.request();
        var name = request.header("X-Forwarded-Host");
        name = name == null ? request.header("Host") : name;
        if (name == null) {
            return path;
        }
        var scheme = request.header("X-Forwarded-Proto");
        return (scheme != null ? scheme : request.secure() ? "https" : "http") + "://" + name + path;
    }
}
