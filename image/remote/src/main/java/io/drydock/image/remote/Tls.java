package io.drydock.image.remote;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates of an endpoint, in Docker's {@code certs.d} layout. */
final class Tls {
    private static final char[] NO_PASSWORD = {};

    private Tls() {}

    /** The context for an endpoint, or null when the JVM's own serves. */
    static @Nullable SSLContext context(Endpoint endpoint) throws IOException {
        if (endpoint.base().getScheme().equals("http") || !endpoint.skipVerify() && endpoint.certificates() == null) {
            return null;
        }
        try {
            var context = SSLContext.getInstance("TLS");
            var folder = endpoint.certificates();
            context.init(
                    folder == null ? null : keyManagers(folder),
                    endpoint.skipVerify()
                            ? new TrustManager[] {new TrustsAnybody()}
                            : folder == null ? null : trustManagers(folder),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("read certificates of " + endpoint.authority() + ": " + e.getMessage(), e);
        }
    }

    private static KeyManager @Nullable [] keyManagers(Path folder) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (var file : files(folder, ".cert")) {
            var key = file.resolveSibling(file.getFileName().toString().replaceAll("\\.cert$", ".key"));
            store.setKeyEntry(
                    file.toString(), privateKey(key), NO_PASSWORD, chain(file).toArray(Certificate[]::new));
        }
        if (store.size() == 0) {
            return null;
        }
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static TrustManager @Nullable [] trustManagers(Path folder) throws IOException, GeneralSecurityException {
        var authorities = files(folder, ".crt");
        if (authorities.isEmpty()) {
            return null;
        }
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (var file : authorities) {
            for (var certificate : chain(file)) {
                store.setCertificateEntry("ca-" + store.size(), certificate);
            }
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var entries = Files.list(folder)) {
            return entries.filter(f -> f.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static List<Certificate> chain(Path file) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            return new ArrayList<>(CertificateFactory.getInstance("X.509").generateCertificates(in));
        }
    }

    private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        var text = Files.readString(file, StandardCharsets.US_ASCII);
        int begin = text.indexOf("-----BEGIN PRIVATE KEY-----");
        int end = text.indexOf("-----END PRIVATE KEY-----");
        if (begin < 0 || end < begin) {
            throw new IOException("read " + file + ": not a PKCS #8 private key in PEM");
        }
        var spec = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(text.substring(begin + 27, end)));
        for (var algorithm : List.of("RSA", "EC")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // a key of another kind: the next algorithm may read it
            }
        }
        return KeyFactory.getInstance("EdDSA").generatePrivate(spec);
    }

    /**
     * Accepts every certificate, for registries that the user has called insecure. It extends the extended class because
     * the JDK leaves the check of the host's name to such a trust manager.
     */
    private static final class TrustsAnybody extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
