package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import io.drydock.testkit.Await;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/** An upload of which only a part has come when its registry is killed. */
final class CutUpload implements AutoCloseable {
    private static final int SIZE = 4_000_000;
    private static final int SENT = 1_000_000;

    private final byte[] blob = new byte[SIZE];
    private final String digest;
    private final String session;
    private final Socket socket;

    /** Sends the part, and returns when the registry of that directory has it. */
    CutUpload(Path directory, int port, int seed) throws IOException {
        new Random(seed).nextBytes(blob);
        digest = Digest.sha256(blob).toString();
        try (var client = new SpecClient(port)) {
            session = URI.create(client.ask("POST", "/v2/cut/blobs/uploads/", new byte[0])
                            .header("Location"))
                    .getPath();
        }
        socket = new Socket("127.0.0.1", port);
        var head = "PATCH " + session + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + SIZE + "\r\n\r\n";
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(blob, 0, SENT);
        var data = directory
                .resolve("docker/registry/v2/repositories/cut/_uploads")
                .resolve(session.substring(session.lastIndexOf('/') + 1))
                .resolve("data");
        // the registry does not tell while it receives: its file does
        Await.until("the upload arrives", () -> Files.size(data) == SENT);
    }

    /** The next registry serves nothing of it, and takes the rest. */
    void goesOn(int port) {
        try (var client = new SpecClient(port)) {
            assertThat(client.ask("GET", "/v2/cut/blobs/" + digest, new byte[0]).status())
                    .isEqualTo(404);
            var status = client.ask("GET", session, new byte[0]);
            assertThat(status.status()).isEqualTo(204);
            assertThat(status.header("Range")).isEqualTo("0-" + (SENT - 1));
            var rest = Arrays.copyOfRange(blob, SENT, SIZE);
            assertThat(client.ask("PUT", session + "?digest=" + digest, rest).status())
                    .isEqualTo(201);
            assertThat(client.ask("GET", "/v2/cut/blobs/" + digest, new byte[0]).body())
                    .isEqualTo(blob);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
