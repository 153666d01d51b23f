package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.oci.Digest;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full or read-only, clients that are slow, and headers that do not end. */
@Timeout(180)
class HardTimesTest {
    private static final int SLOW = 100;

    @TempDir
    private Path directory;

    /** @param more lines of the configuration of the storage */
    private static RegistryServer serve(Path data, String more) throws IOException {
        return RegistryServer.start(Settings.parse("""
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s
                %s
                http:
                  addr: 127.0.0.1:0
                """.formatted(data, more), Map.of()));
    }

    private static byte[] noise(int size) {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static SpecClient.Answer push(SpecClient client, byte[] blob) {
        return client.ask("POST", "/v2/box/blobs/uploads/?digest=" + Digest.sha256(blob), blob);
    }

    private static SpecClient.Answer pull(SpecClient client, byte[] blob) {
        return client.ask("GET", "/v2/box/blobs/" + Digest.sha256(blob), new byte[0]);
    }

    private static void mount(String... words) {
        Command.of("mount").with(words).run().ok();
    }

    @Test
    @RequiresRoot
    void aFullDiskTakesNoMoreAndServesWhatItHas() throws IOException {
        mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", directory.toString());
        try (var server = serve(directory, "");
                var client = new SpecClient(server.port())) {
            assertThat(push(client, noise(10_000)).status()).isEqualTo(201);
            var refused = push(client, noise(6_000_000));
            assertThat(refused.status()).isEqualTo(507);
            assertThat(refused.text()).contains("the registry's disk is full");
            assertThat(pull(client, noise(6_000_000)).status()).isEqualTo(404);
            assertThat(pull(client, noise(10_000)).body()).isEqualTo(noise(10_000));
            // what had come of it has been given back
            assertThat(push(client, noise(1_000_000)).status()).isEqualTo(201);
        } finally {
            Command.of("umount", "-l", directory.toString()).run();
        }
    }

    @Test
    @RequiresRoot
    void aReadOnlyDiskIsServed() throws IOException {
        mount("-t", "tmpfs", "-o", "size=4m", "tmpfs", directory.toString());
        try {
            try (var server = serve(directory, "");
                    var client = new SpecClient(server.port())) {
                assertThat(push(client, noise(10_000)).status()).isEqualTo(201);
            }
            mount("-o", "remount,ro", directory.toString());
            assertThatThrownBy(() -> serve(directory, "")).hasMessageContaining("Read-only file system");
            try (var server = serve(directory, "  maintenance: {readonly: {enabled: true}}");
                    var client = new SpecClient(server.port())) {
                assertThat(push(client, noise(5000)).status()).isEqualTo(405);
                assertThat(pull(client, noise(5000)).status()).isEqualTo(404);
                assertThat(pull(client, noise(10_000)).body()).isEqualTo(noise(10_000));
            }
        } finally {
            Command.of("umount", "-l", directory.toString()).run();
        }
    }

    /** Some have not said what they want, some send a blob that does not go on, some do not read the one they want. */
    @Test
    void nobodyWaitsForTheSlow() throws IOException {
        var large = noise(8_000_000);
        var slow = new ArrayList<Socket>();
        try (var server = serve(directory, "");
                var client = new SpecClient(server.port())) {
            assertThat(push(client, large).status()).isEqualTo(201);
            try {
                var session = session(client);
                for (int i = 0; i < SLOW; i++) {
                    slow.add(connect(server, "GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Half: "));
                    slow.add(connect(
                            server,
                            "PATCH " + session(client) + " HTTP/1.1\r\nHost: x\r\n"
                                    + "Content-Length: 1000000\r\n\r\nabc"));
                    slow.add(connect(
                            server, "GET /v2/box/blobs/" + Digest.sha256(large) + " HTTP/1.1\r\nHost: x\r\n\r\n"));
                }
                for (int i = 0; i < 20; i++) {
                    assertThat(push(client, noise(1000 + i)).status()).isEqualTo(201);
                    assertThat(pull(client, noise(1000 + i)).body()).hasSize(1000 + i);
                }
                try (var late = connect(
                        server,
                        "PATCH " + session + " HTTP/1.1\r\nHost: x\r\n"
                                + "Connection: close\r\nContent-Length: 6\r\n\r\nabc")) {
                    slow.add(late);
                    assertThat(pull(client, noise(1000)).body()).hasSize(1000);
                    late.getOutputStream().write("def".getBytes(StandardCharsets.US_ASCII));
                    assertThat(new String(late.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                            .startsWith("HTTP/1.1 202 ")
                            .contains("Range: 0-5");
                }
            } finally {
                for (var socket : slow) {
                    socket.close();
                }
            }
        }
    }

    private static String session(SpecClient client) {
        var begun = client.ask("POST", "/v2/box/blobs/uploads/", new byte[0]);
        return URI.create(begun.header("Location")).getPath();
    }

    private static Socket connect(RegistryServer server, String text) throws IOException {
        var socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void headersHaveAnEnd() throws IOException {
        try (var server = serve(directory, "");
                var client = new SpecClient(server.port())) {
            try (var socket =
                    connect(server, "GET /v2/ HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(1_100_000) + "\r\n\r\n")) {
                assertThat(firstLine(socket)).startsWith("HTTP/1.1 431 ");
            }
            try (var socket = connect(server, "GET /v2/" + "x".repeat(100_000) + " HTTP/1.1\r\n\r\n")) {
                assertThat(firstLine(socket)).startsWith("HTTP/1.1 414 ");
            }
            assertThat(client.ask("GET", "/v2/", new byte[0]).status()).isEqualTo(200);
        }
    }

    /** It may be cut behind what the server did not want to read. */
    private static String firstLine(Socket socket) throws IOException {
        var line = new StringBuilder();
        for (int b = socket.getInputStream().read();
                b >= 0 && b != '\r';
                b = socket.getInputStream().read()) {
            line.append((char) b);
        }
        return line.toString();
    }

    @Test
    void uploadsLeadNowhereElse() throws IOException {
        var secret = directory.resolve("secret/data");
        Files.createDirectories(secret.getParent());
        Files.writeString(secret, "mine");
        try (var server = serve(directory.resolve("root"), "");
                var client = new SpecClient(server.port())) {
            var up = "..%2f".repeat(7) + "..%2f";
            for (var id : new String[] {up + "secret", "%2e%2e", "..%5c", "x%00", up}) {
                for (var method : new String[] {"GET", "PATCH", "DELETE", "PUT"}) {
                    var target = "/v2/box/blobs/uploads/" + id + "?digest=" + Digest.sha256(new byte[0]);
                    assertThat(client.ask(method, target, new byte[] {1}).status())
                            .as("%s %s", method, id)
                            .isIn(400, 404);
                }
            }
            assertThat(secret).hasContent("mine");
        }
    }
}
