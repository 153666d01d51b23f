package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.registry.storage.DirectoryLock;
import io.drydock.spec.oci.Digest;
import io.drydock.testkit.Await;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registry that is killed at random while images are pushed loses none that it has said it has, serves nothing half-written and
 * takes the rest of what had come in part.
 * {@code -Ddrydock.pushes=1000} makes it as many as it should be held for once in a while.
 */
@Timeout(300)
class KilledPushesTest {
    private static final int PUSHES = Integer.getInteger("drydock.pushes", 80);
    private static final int CLIENTS = 64;
    private static final int KILLS = 2;
    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger next = new AtomicInteger();
    private final ConcurrentLinkedQueue<Integer> acknowledged = new ConcurrentLinkedQueue<>();
    /** Of a kill each: how many pushes must have been acknowledged before. */
    private final List<CountDownLatch> due = new ArrayList<>();
    /** The registry that serves; not there yet while one starts. */
    private volatile CompletableFuture<RegistryProcess> serving = new CompletableFuture<>();

    private static byte[] blob(int number) {
        var bytes = new byte[2000 + number];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    private static byte[] manifest(int number) {
        return """
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
                "digest":"%s","size":%d},"layers":[]}""".formatted(TYPE, Digest.sha256(blob(number)), 2000 + number).getBytes(StandardCharsets.UTF_8);
    }

    private static String repository(int number) {
        return "/v2/team" + number % 7 + "/app" + number % 50;
    }

    private HttpResponse<byte[]> send(RegistryProcess registry, String method, String path, byte[] body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + registry.port() + path))
                .timeout(Duration.ofSeconds(120))
                .header("Content-Type", method.equals("PUT") ? TYPE : "application/octet-stream")
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Pushes until it is acknowledged. */
    private void push(int number) throws InterruptedException {
        while (true) {
            var registry = serving.join();
            try {
                var blob = blob(number);
                var begin = repository(number) + "/blobs/uploads/?digest=" + Digest.sha256(blob);
                assertThat(send(registry, "POST", begin, blob).statusCode()).isEqualTo(201);
                var tag = repository(number) + "/manifests/t" + number;
                assertThat(send(registry, "PUT", tag, manifest(number)).statusCode())
                        .isEqualTo(201);
                acknowledged.add(number);
                due.forEach(CountDownLatch::countDown);
                return;
            } catch (IOException e) {
                // killed; or about to be found dead, and then the next turn waits for the next one
                assertThat(next.get()).isPositive();
            }
        }
    }

    @Test
    void losesNothingAcknowledged() throws Exception {
        var random = new Random();
        for (int i = 0; i < KILLS; i++) {
            due.add(new CountDownLatch(PUSHES * i / KILLS + 1 + random.nextInt(PUSHES / KILLS)));
        }
        serving.complete(RegistryProcess.ours(directory));
        var clients = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(CompletableFuture.runAsync(
                    () -> {
                        try {
                            for (int n = next.getAndIncrement(); n < PUSHES; n = next.getAndIncrement()) {
                                push(n);
                            }
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                    },
                    task -> Thread.ofVirtual().start(task)));
        }
        try {
            for (var kill : due) {
                assertThat(kill.await(200, TimeUnit.SECONDS)).isTrue();
                killAndStart();
            }
            for (var client : clients) {
                client.get(200, TimeUnit.SECONDS);
            }
            assertThat(acknowledged).hasSize(PUSHES);
            isServed(serving.join(), List.copyOf(acknowledged));
            looksAgainWhenToldTo(serving.join());
        } finally {
            serving.join().close();
            http.shutdownNow();
        }
    }

    private void looksAgainWhenToldTo(RegistryProcess registry) throws Exception {
        registry.hangUp("  headers: {X-Changed: [yes]}\n");
        Await.until(
                "it has read its configuration again",
                () -> send(registry, "GET", "/v2/", new byte[0])
                        .headers()
                        .firstValue("X-Changed")
                        .isPresent());
    }

    private void killAndStart() throws Exception {
        var killed = serving.join();
        try (var cut = new CutUpload(directory, killed.port(), acknowledged.size())) {
            assertThat(DirectoryLock.take(directory, true))
                    .as("nobody collects garbage from outside while a registry serves")
                    .isEmpty();
            serving = new CompletableFuture<>();
            killed.kill();
            var told = List.copyOf(acknowledged);
            nothingIsHalfWritten();
            DirectoryLock.take(directory, true).orElseThrow().close();
            var started = RegistryProcess.ours(directory);
            try {
                isServed(started, told);
                cut.goesOn(started.port());
            } finally {
                serving.complete(started);
            }
        }
    }

    private void isServed(RegistryProcess registry, List<Integer> pushed) throws Exception {
        for (int number : pushed) {
            var manifest = send(registry, "GET", repository(number) + "/manifests/t" + number, new byte[0]);
            assertThat(manifest.statusCode()).as("manifest %d", number).isEqualTo(200);
            assertThat(manifest.body()).isEqualTo(manifest(number));
            var blob = send(registry, "GET", repository(number) + "/blobs/" + Digest.sha256(blob(number)), new byte[0]);
            assertThat(blob.statusCode()).as("blob %d", number).isEqualTo(200);
            assertThat(blob.body()).isEqualTo(blob(number));
        }
    }

    /** Whatever has a blob's name has its digest. */
    private void nothingIsHalfWritten() throws IOException {
        try (var files = Files.walk(directory.resolve("docker/registry/v2/blobs"))) {
            for (var file : files.filter(path -> path.endsWith("data")).toList()) {
                assertThat(Objects.requireNonNull(file.getParent())
                                .getFileName()
                                .toString())
                        .isEqualTo(Digest.sha256(Files.readAllBytes(file)).hex());
            }
        }
    }
}
