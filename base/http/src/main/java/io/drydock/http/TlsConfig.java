package io.drydock.http;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A server's TLS: PEM files as dockerd's {@code --tlscert --tlskey --tlscacert --tlsverify} name them.
 *
 * @param certificate the chain, leaf first
 * @param key its private key, unencrypted: PKCS#8, PKCS#1 (RSA) or SEC1 (EC)
 * @param clientCa authorities that client certificates must come from; null asks for no client certificate
 * @param minimumVersion {@code TLSv1.2} or {@code TLSv1.3}
 */
public record TlsConfig(
        Path certificate, Path key, @Nullable Path clientCa, String minimumVersion) implements Tls {

    /** TLS 1.2 at least. */
    public TlsConfig(Path certificate, Path key, @Nullable Path clientCa) {
        this(certificate, key, clientCa, "TLSv1.2");
    }
}
