package io.drydock.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS with PEM files made by openssl, as dockerd's users make them. */
@Timeout(120)
class TlsTest {
    @TempDir
    private static Path directory;

    // each test starts it with certificates of its own choice
    @SuppressWarnings("NullAway.Init")
    private HttpServer server;

    @BeforeAll
    static void makeCertificates() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
        openssl("req -x509 -newkey rsa:2048 -nodes -keyout ca-key.pem -out ca.pem -subj /CN=ca -days 30");
        openssl("req -newkey rsa:2048 -nodes -keyout server8.pem -out server.csr -subj /CN=localhost");
        openssl("rsa -in server8.pem -out server-key.pem -traditional");
        openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out server.pem -days 30");
        openssl("ecparam -name prime256v1 -genkey -noout -out client-key.pem");
        openssl("req -new -key client-key.pem -out client.csr -subj /CN=client");
        openssl("x509 -req -in client.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -out client.pem -days 30");
    }

    private static void openssl(String arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/usr/bin/openssl"));
        command.addAll(List.of(arguments.split(" ")));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private int serve(HttpHandler handler, boolean verify) throws IOException {
        server = new HttpServer(handler, ErrorRenderer.PLAIN);
        TlsConfig tls = new TlsConfig(
                directory.resolve("server.pem"),
                directory.resolve("server-key.pem"),
                verify ? directory.resolve("ca.pem") : null);
        return server.listen(new Listener.Tcp(new InetSocketAddress("127.0.0.1", 0), tls));
    }

    private SSLSocket connect(int port, @Nullable String client) throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", PemFiles.certificates(directory.resolve("ca.pem"))[0]);
        TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
        trusted.init(trust);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        if (client != null) {
            PrivateKey key = PemFiles.privateKey(directory.resolve(client + "-key.pem"));
            X509Certificate[] chain = PemFiles.certificates(directory.resolve(client + ".pem"));
            own.setKeyEntry("client", key, new char[0], chain);
        }
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
        socket.connect(new InetSocketAddress("127.0.0.1", port), 30_000);
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static String get(SSLSocket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes());
        try (InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes());
        }
    }

    @Test
    void demandsAndReportsClientCertificates() throws Exception {
        int port = serve(
                exchange -> exchange.response()
                        .send(
                                "text/plain",
                                ((Peer.TcpPeer) exchange.request().peer())
                                        .certificates()
                                        .getFirst()
                                        .getSubjectX500Principal()
                                        .getName()),
                true);
        try (SSLSocket socket = connect(port, "client")) {
            assertThat(get(socket)).endsWith("CN=client");
        }
        try (SSLSocket socket = connect(port, null)) {
            assertThatThrownBy(() -> get(socket)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void sendsFilesOverTls() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "0123456789".repeat(50_000));
        int port = serve(
                exchange -> {
                    try (FileChannel channel = FileChannel.open(file)) {
                        exchange.response().sendFile(channel, 1, 400_000);
                    }
                },
                false);
        try (SSLSocket socket = connect(port, null)) {
            assertThat(get(socket))
                    .endsWith(Files.readString(file).substring(1, 400_001))
                    .startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void plainHttpOnATlsPortIsToldSo() throws Exception {
        int port = serve(exchange -> {}, false);
        try (RawClient client = new RawClient(port)) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.rest())
                    .isEqualTo("HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
        }
    }
}
