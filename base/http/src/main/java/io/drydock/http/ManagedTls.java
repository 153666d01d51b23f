package io.drydock.http;

import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A server's TLS with certificates that are chosen for each handshake.
 *
 * @param keys chooses; it sees the name that the client asks for, and the protocol
 * @param clientCa authorities that client certificates must come from; null asks for no client certificate
 * @param protocols that clients may negotiate beside those of HTTP; connections with them end after the handshake
 */
public record ManagedTls(
        X509ExtendedKeyManager keys, @Nullable Path clientCa, List<String> protocols) implements Tls {
    public ManagedTls {
        protocols = List.copyOf(protocols);
    }
}
