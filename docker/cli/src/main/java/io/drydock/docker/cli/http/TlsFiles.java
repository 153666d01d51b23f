package io.drydock.docker.cli.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** PEM files for TLS; {@code ca} null trusts the system, {@code cert} and {@code key} null shows nothing. */
public record TlsFiles(
        @Nullable Path ca, @Nullable Path cert, @Nullable Path key, boolean verify) {
    private static final char[] NO_PASSWORD = new char[0];

    Connection connect(String host, int port) throws IOException {
        try {
            var context = SSLContext.getInstance("TLS");
            context.init(keys(), trust(), new SecureRandom());
            var socket = (SSLSocket) context.getSocketFactory().createSocket(host, port);
            if (verify) {
                var parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
            }
            socket.startHandshake();
            return new SocketConnection(socket, socket.getInputStream(), socket.getOutputStream());
        } catch (GeneralSecurityException e) {
            throw new IOException("could not load TLS files: " + e.getMessage(), e);
        }
    }

    private record SocketConnection(SSLSocket socket, InputStream input, OutputStream output) implements Connection {
        @Override
        public void closeOutput() throws IOException {
            socket.shutdownOutput();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private KeyManager @Nullable [] keys() throws IOException, GeneralSecurityException {
        if (cert == null || key == null || !Files.exists(cert) || !Files.exists(key)) {
            return null;
        }
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", privateKey(Files.readString(key)), NO_PASSWORD, certificates(cert));
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trust() throws IOException, GeneralSecurityException {
        if (!verify) {
            return new TrustManager[] {new TrustsAll()};
        }
        if (ca == null) {
            return null;
        }
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        int n = 0;
        for (Certificate certificate : certificates(ca)) {
            store.setCertificateEntry("ca" + n++, certificate);
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(in)
                    .toArray(Certificate[]::new);
        }
    }

    /** PKCS #8, and PKCS #1 and SEC 1 by wrapping them in it. */
    private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        for (String name : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
            String head = "-----BEGIN " + name + "-----";
            int from = pem.indexOf(head);
            if (from < 0) {
                continue;
            }
            int to = pem.indexOf("-----END " + name, from);
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(from + head.length(), to));
            if (name.equals("PRIVATE KEY")) {
                return anyKey(der);
            }
            if (name.equals("RSA PRIVATE KEY")) {
                return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(wrapRsa(der)));
            }
            throw new GeneralSecurityException("keys in SEC 1 form are not supported: convert to PKCS #8");
        }
        throw new GeneralSecurityException("no private key found");
    }

    private static PrivateKey anyKey(byte[] der) throws GeneralSecurityException {
        var failures = new ArrayList<GeneralSecurityException>();
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException e) {
                failures.add(e);
            }
        }
        throw failures.getFirst();
    }

    private static byte[] wrapRsa(byte[] key) {
        byte[] version = {2, 1, 0};
        byte[] algorithm = {0x30, 13, 6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0};
        byte[] octets = element(4, key);
        byte[] all = new byte[version.length + algorithm.length + octets.length];
        System.arraycopy(version, 0, all, 0, version.length);
        System.arraycopy(algorithm, 0, all, version.length, algorithm.length);
        System.arraycopy(octets, 0, all, version.length + algorithm.length, octets.length);
        return element(0x30, all);
    }

    private static byte[] element(int tag, byte[] content) {
        int n = content.length;
        byte[] head = n < 128
                ? new byte[] {(byte) tag, (byte) n}
                : new byte[] {(byte) tag, (byte) 130, (byte) (n >> 8), (byte) n};
        byte[] all = new byte[head.length + n];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(content, 0, all, head.length, n);
        return new ByteArrayInputStream(all).readAllBytes();
    }

    /** For {@code --tls} without verification, which is what the user asked for. */
    private static final class TrustsAll extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
