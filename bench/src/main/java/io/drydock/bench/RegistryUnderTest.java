package io.drydock.bench;

import io.drydock.testkit.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;

/** A registry in a process of its own, and a client of it. */
final class RegistryUnderTest implements AutoCloseable {
    /** What everything is asked about. */
    static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";

    private final Path directory;
    private final Process process;
    private final int port;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String authorization;

    /** @param authorization header to send, empty for none; then {@code users} is the htpasswd file's content */
    RegistryUnderTest(Path program, String users, String authorization) throws IOException {
        this.authorization = authorization;
        directory = Files.createTempDirectory(Path.of("/tmp"), "dr-");
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var config = directory.resolve("config.yml");
        Files.writeString(directory.resolve("users"), users);
        Files.writeString(
                config,
                """
                version: 0.1
                log: {level: warn, accesslog: {disabled: true}}
                storage:
                  cache: {blobdescriptor: inmemory}
                  filesystem: {rootdirectory: %s}
                http: {addr: "127.0.0.1:%d"}
                """.formatted(data(), port)
                        + (users.isEmpty()
                                ? ""
                                : "auth: {htpasswd: {realm: r, path: " + directory.resolve("users") + "}}\n"));
        process = new ProcessBuilder(program.toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Await.until(program + " answers", Duration.ofSeconds(60), () -> {
            try {
                return ask("GET", "/v2/", new byte[0]).statusCode() > 0;
            } catch (UncheckedIOException e) {
                return false;
            }
        });
    }

    Path data() {
        return directory.resolve("data");
    }

    long pid() {
        return process.pid();
    }

    HttpResponse<byte[]> ask(String method, String target, byte[] body) {
        return ask(method, target, body, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Reads an answer's body and drops it. */
    int drop(String target) {
        return ask("GET", target, new byte[0], HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    /** Reads a blob and drops it with as little work as possible, so that it is the server that is measured. */
    void read(String target, long size) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var head = "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            var in = socket.getInputStream();
            var buffer = new byte[128 * 1024];
            long count = 0;
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                count += n;
            }
            if (count < size) {
                throw new IOException("the answer ended after " + count + " bytes");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("GET " + target, e);
        }
    }

    private <T> HttpResponse<T> ask(String method, String target, byte[] body, HttpResponse.BodyHandler<T> handler) {
        var address = target.startsWith("http") ? target : "http://127.0.0.1:" + port + target;
        var request = HttpRequest.newBuilder(URI.create(address))
                .timeout(Duration.ofMinutes(3))
                .header("Content-Type", target.contains("/manifests/") ? MANIFEST_TYPE : "application/octet-stream")
                .header("Accept", MANIFEST_TYPE)
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        try {
            return http.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + target, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Pushes as clients do, with a POST and a PUT. */
    void push(Blob blob) {
        var location = ask("POST", "/v2/" + blob.repository() + "/blobs/uploads/", new byte[0])
                .headers()
                .firstValue("Location")
                .orElseThrow();
        var target = location + (location.contains("?") ? "&" : "?") + "digest=" + blob.digest();
        check(ask("PUT", target, blob.bytes()).statusCode(), 201);
    }

    static void check(int status, int expected) {
        if (status != expected) {
            throw new IllegalStateException("answered " + status + ", not " + expected);
        }
    }

    @Override
    public void close() throws IOException {
        http.shutdownNow();
        process.destroy();
        process.onExit().join();
        try (var all = Files.walk(directory)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
