package io.drydock.http;

import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Builds TLS contexts from PEM files. */
final class PemFiles {
    private static final byte[] RSA_ALGORITHM = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
    private static final byte[] EC_PUBLIC_KEY = HexFormat.of().parseHex("06072a8648ce3d0201");

    private PemFiles() {}

    static SslContext serverContext(Tls tls, boolean http2) throws IOException {
        return switch (tls) {
            case TlsConfig config -> serverContext(config, http2);
            case ManagedTls managed ->
                context(SslContextBuilder.forServer(managed.keys()), managed.clientCa(), http2, managed.protocols());
        };
    }

    private static SslContext serverContext(TlsConfig config, boolean http2) throws IOException {
        try {
            var builder = SslContextBuilder.forServer(privateKey(config.key()), certificates(config.certificate()))
                    .protocols(
                            config.minimumVersion().equals("TLSv1.3")
                                    ? List.of("TLSv1.3")
                                    : List.of("TLSv1.3", "TLSv1.2"));
            return context(builder, config.clientCa(), http2, List.of());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("TLS with certificate " + config.certificate() + ": " + e.getMessage(), e);
        }
    }

    private static SslContext context(
            SslContextBuilder builder, @Nullable Path clientCa, boolean http2, List<String> more) throws IOException {
        builder.sslProvider(SslProvider.JDK);
        try {
            if (clientCa != null) {
                builder.trustManager(certificates(clientCa)).clientAuth(ClientAuth.REQUIRE);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS with authorities " + clientCa + ": " + e.getMessage(), e);
        }
        var protocols = new ArrayList<String>();
        if (http2) {
            protocols.add(ApplicationProtocolNames.HTTP_2);
        }
        if (http2 || !more.isEmpty()) {
            protocols.add(ApplicationProtocolNames.HTTP_1_1);
            protocols.addAll(more);
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    ApplicationProtocolConfig.Protocol.ALPN,
                    ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                    ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                    protocols));
        }
        return builder.build();
    }

    static X509Certificate[] certificates(Path file) throws IOException, GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        try (ByteArrayInputStream bytes = new ByteArrayInputStream(Files.readAllBytes(file))) {
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(bytes)) {
                found.add((X509Certificate) certificate);
            }
        }
        if (found.isEmpty()) {
            throw new IOException("no certificate in " + file);
        }
        return found.toArray(new X509Certificate[0]);
    }

    static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        byte[] der;
        if (text.contains("-----BEGIN PRIVATE KEY-----")) {
            der = block(text, "PRIVATE KEY");
        } else if (text.contains("-----BEGIN RSA PRIVATE KEY-----")) {
            der = pkcs8(RSA_ALGORITHM, block(text, "RSA PRIVATE KEY"));
        } else if (text.contains("-----BEGIN EC PRIVATE KEY-----")) {
            byte[] sec1 = block(text, "EC PRIVATE KEY");
            der = pkcs8(sequence(concat(EC_PUBLIC_KEY, curveOf(sec1))), sec1);
        } else {
            throw new IOException("no private key in " + file);
        }
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // not a key of this algorithm: try the next
            }
        }
        throw new IOException("unsupported private key in " + file);
    }

    private static byte[] block(String text, String label) throws IOException {
        String begin = "-----BEGIN " + label + "-----";
        int start = text.indexOf(begin);
        int end = text.indexOf("-----END " + label + "-----", start);
        if (end < 0) {
            throw new IOException("truncated PEM block " + label);
        }
        return Base64.getMimeDecoder().decode(text.substring(start + begin.length(), end));
    }

    /** PrivateKeyInfo (RFC 5208) around an algorithm's own encoding. */
    private static byte[] pkcs8(byte[] algorithm, byte[] key) {
        byte[] version = {0x02, 0x01, 0x00};
        return sequence(concat(version, algorithm, tagged(0x04, key)));
    }

    /** The curve's OID: the element with explicit tag 0 of an ECPrivateKey (RFC 5915). */
    private static byte[] curveOf(byte[] sec1) throws IOException {
        for (int i = 0; i + 3 < sec1.length; i++) {
            if (sec1[i] == (byte) 0xa0 && sec1[i + 2] == 0x06 && sec1[i + 1] == sec1[i + 3] + 2) {
                byte[] oid = new byte[sec1[i + 1]];
                System.arraycopy(sec1, i + 2, oid, 0, oid.length);
                return oid;
            }
        }
        throw new IOException("EC private key without a named curve");
    }

    private static byte[] sequence(byte[] content) {
        return tagged(0x30, content);
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 6);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
