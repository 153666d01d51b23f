package io.drydock.image.remote;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a registry is reached.
 *
 * @param base scheme, host and port, and a path before {@code /v2/} if the registry has one, without a slash at its end
 * @param skipVerify whether a certificate that nobody vouches for is accepted (an "insecure registry")
 * @param certificates a directory with {@code *.crt} authorities and {@code *.cert}/{@code *.key} client pairs, as Docker's
 *     {@code certs.d/HOST}, or null
 * @param mirror whether this is a mirror: it is asked for pulls only, and its failure is not the end
 */
public record Endpoint(
        URI base, boolean skipVerify, @Nullable Path certificates, boolean mirror) {

    public Endpoint {
        if (base.getHost() == null || base.getScheme() == null) {
            throw new IllegalArgumentException("not an address of a registry: " + base);
        }
    }

    /** A registry over TLS, its certificate checked against the system's authorities. */
    public static Endpoint https(String host) {
        return new Endpoint(URI.create("https://" + host), false, null, false);
    }

    /** A registry over plain HTTP. */
    public static Endpoint plain(String host) {
        return new Endpoint(URI.create("http://" + host), false, null, false);
    }

    /** An insecure registry: TLS with any certificate, and plain HTTP if it does not speak TLS. */
    public static Endpoint insecure(String host) {
        return new Endpoint(URI.create("https://" + host), true, null, false);
    }

    /** Host and port as they stand in the address. */
    public String authority() {
        return base.getRawAuthority();
    }

    URI uri(String path) {
        return URI.create(base + path);
    }
}
