package io.drydock.registry.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.shredzone.acme4j.util.CertificateUtils;

/** A certificate authority that speaks as much of RFC 8555 and RFC 8737 as one order takes, and checks what it is told. */
final class FakeAuthority implements AutoCloseable {
    private static final String TOKEN = "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA";
    private static final String VALIDATION_EXTENSION = "1.3.6.1.5.5.7.1.31";

    /** It takes long to make one of RSA, which acme4j wants of authorities for tests. */
    private final KeyPair pair;

    final AtomicInteger orders = new AtomicInteger();
    private final HttpServer server;
    private final String base;
    private final String host;
    private final Duration lifetime;
    private final X509Certificate root;

    @SuppressWarnings("NullAway.Init") // who asks makes an account first
    private ECKey account;

    private int port;
    private String state = "pending";
    private String certificate = "";

    /**
     * @param pair of RSA
     * @param lifetime of the certificates that it gives, which began half of it ago
     */
    FakeAuthority(KeyPair pair, String host, Duration lifetime) throws IOException, GeneralSecurityException {
        this.pair = pair;
        this.host = host;
        this.lifetime = lifetime;
        root = CertificateUtils.createTestRootCertificate(
                "CN=Fake root", Instant.now().minusSeconds(3600), Instant.now().plusSeconds(3600), pair);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", exchange -> {
            try (exchange) {
                answer(exchange);
            } catch (ParseException | JOSEException | GeneralSecurityException e) {
                throw new IOException(e);
            }
        });
        server.start();
    }

    String directory() {
        return base + "/directory";
    }

    /** Where it looks for the host. */
    void finds(int found) {
        port = found;
    }

    /** Keeps its own certificate in a file, for clients that trust it. */
    Certificate trusted(Path file) throws IOException, GeneralSecurityException {
        Files.writeString(file, pem(root));
        return new Certificate(file, file);
    }

    private static String pem(X509Certificate certificate) throws GeneralSecurityException {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }

    private void answer(HttpExchange exchange)
            throws IOException, ParseException, JOSEException, GeneralSecurityException {
        var path = exchange.getRequestURI().getPath();
        var headers = exchange.getResponseHeaders();
        headers.set("Replay-Nonce", "nonce" + System.nanoTime());
        if (path.equals("/directory")) {
            send(exchange, 200, """
                    {"newNonce":"BASE/nonce","newAccount":"BASE/account","newOrder":"BASE/order","revokeCert":"BASE/revoke",\
                    "keyChange":"BASE/change"}""");
            return;
        }
        if (path.equals("/nonce")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        var signed =
                JWSObject.parse(compact(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        if (path.equals("/account")) {
            account = ECKey.parse(signed.getHeader().getJWK().toJSONObject());
        }
        if (!signed.verify(new ECDSAVerifier(account))) {
            send(exchange, 403, "{\"type\":\"urn:ietf:params:acme:error:unauthorized\"}");
            return;
        }
        switch (path) {
            case "/account" -> {
                headers.set("Location", base + "/account/1");
                send(exchange, 201, "{\"status\":\"valid\"}");
            }
            case "/order" -> {
                orders.incrementAndGet();
                state = "pending";
                certificate = "";
                headers.set("Location", base + "/order/1");
                send(exchange, 201, order());
            }
            case "/order/1" -> send(exchange, 200, order());
            case "/authorization" -> send(exchange, 200, """
                    {"status":"STATE","identifier":{"type":"dns","value":"HOST"},"challenges":[CHALLENGE]}""".replace("CHALLENGE", challenge()));
            case "/challenge" -> {
                if (signed.getPayload().toString().equals("{}")) {
                    state = isHost() ? "valid" : "invalid";
                }
                send(exchange, 200, challenge());
            }
            case "/finalize" -> {
                var payload = JSONObjectUtils.parse(signed.getPayload().toString());
                issue(new PKCS10CertificationRequest(
                        new Base64URL(JSONObjectUtils.getString(payload, "csr")).decode()));
                send(exchange, 200, order());
            }
            case "/certificate" -> {
                headers.set("Content-Type", "application/pem-certificate-chain");
                var bytes = certificate.getBytes(StandardCharsets.US_ASCII);
                exchange.sendResponseHeaders(200, bytes.length);
                exchange.getResponseBody().write(bytes);
            }
            default -> send(exchange, 404, "{\"type\":\"urn:ietf:params:acme:error:malformed\"}");
        }
    }

    private static String compact(String json) throws ParseException {
        var parts = JSONObjectUtils.parse(json);
        return String.join(
                ".",
                JSONObjectUtils.getString(parts, "protected"),
                JSONObjectUtils.getString(parts, "payload"),
                JSONObjectUtils.getString(parts, "signature"));
    }

    private String order() {
        var status = certificate.isEmpty() ? state.equals("valid") ? "ready" : state : "valid";
        return """
                {"status":"STATUS","identifiers":[{"type":"dns","value":"HOST"}],"authorizations":["BASE/authorization"],\
                "finalize":"BASE/finalize"MORE}""".replace("STATUS", status)
                .replace("MORE", certificate.isEmpty() ? "" : ",\"certificate\":\"BASE/certificate\"");
    }

    private String challenge() {
        return "{\"type\":\"tls-alpn-01\",\"url\":\"BASE/challenge\",\"token\":\"" + TOKEN + "\",\"status\":\"STATE\"}";
    }

    private void send(HttpExchange exchange, int status, String json) throws IOException {
        var bytes = json.replace("BASE", base)
                .replace("HOST", host)
                .replace("STATE", state)
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders()
                .set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Whether who answers there proves that he knows the account's key. */
    private boolean isHost() throws IOException, GeneralSecurityException, JOSEException {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Everybody()}, null);
        try (var plain = new Socket("127.0.0.1", port);
                var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, host, port, true)) {
            var parameters = socket.getSSLParameters();
            parameters.setServerNames(List.of(new SNIHostName(host)));
            parameters.setApplicationProtocols(new String[] {"acme-tls/1"});
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest((TOKEN + "." + account.computeThumbprint()).getBytes(StandardCharsets.US_ASCII));
            var extension = shown.getExtensionValue(VALIDATION_EXTENSION);
            return socket.getApplicationProtocol().equals("acme-tls/1")
                    && extension != null
                    && MessageDigest.isEqual(
                            digest, java.util.Arrays.copyOfRange(extension, extension.length - 32, extension.length))
                    && shown.getSubjectAlternativeNames().stream()
                            .anyMatch(name -> name.get(1).equals(host));
        }
    }

    private record Everybody() implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private void issue(PKCS10CertificationRequest request) throws GeneralSecurityException, IOException {
        var half = lifetime.dividedBy(2);
        var given = new JcaX509v3CertificateBuilder(
                root,
                BigInteger.valueOf(System.nanoTime()),
                Date.from(Instant.now().minus(half)),
                Date.from(Instant.now().plus(half)),
                new X500Principal("CN=" + host),
                new JcaPKCS10CertificationRequest(request).getPublicKey());
        given.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(new GeneralName(GeneralName.dNSName, host)));
        try {
            var signer = new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate());
            certificate = pem(new JcaX509CertificateConverter().getCertificate(given.build(signer))) + pem(root);
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
