package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry that is killed in the middle of an upload serves nothing half-written, and takes the rest afterwards. */
@Timeout(180)
class KilledRegistryTest {
    private static final int SIZE = 4_000_000;
    private static final int SENT = 1_000_000;

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    private HttpResponse<byte[]> send(int port, String method, String path, byte[] body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }

    @Test
    void anUploadGoesOnWhereItWasCut() throws Exception {
        var blob = new byte[SIZE];
        new Random(5).nextBytes(blob);
        var digest = Digest.sha256(blob);
        String session;
        try (var first = RegistryProcess.ours(directory)) {
            var begun = send(first.port(), "POST", "/v2/box/blobs/uploads/", new byte[0]);
            session = URI.create(begun.headers().firstValue("Location").orElseThrow())
                    .getPath();
            try (var socket = new Socket("127.0.0.1", first.port())) {
                var head = "PATCH " + session + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + SIZE + "\r\n\r\n";
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(blob, 0, SENT);
                awaitSize(directory
                        .resolve("docker/registry/v2/repositories/box/_uploads")
                        .resolve(session.substring(session.lastIndexOf('/') + 1))
                        .resolve("data"));
                first.kill();
            }
        }
        try (var second = RegistryProcess.ours(directory)) {
            assertThat(send(second.port(), "GET", "/v2/box/blobs/" + digest, new byte[0])
                            .statusCode())
                    .isEqualTo(404);
            var status = send(second.port(), "GET", session, new byte[0]);
            assertThat(status.statusCode()).isEqualTo(204);
            var range = status.headers().firstValue("Range").orElseThrow();
            int have = Integer.parseInt(range.substring(2)) + 1;
            assertThat(have).isEqualTo(SENT);
            var rest = Arrays.copyOfRange(blob, have, SIZE);
            assertThat(send(second.port(), "PUT", session + "?digest=" + digest, rest)
                            .statusCode())
                    .isEqualTo(201);
            assertThat(send(second.port(), "GET", "/v2/box/blobs/" + digest, new byte[0])
                            .body())
                    .isEqualTo(blob);
        }
    }

    /** The registry does not tell while it receives: its file does. */
    private static void awaitSize(Path data) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Files.size(data) < SENT) {
            assertThat(System.nanoTime()).as("the upload does not arrive").isLessThan(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
