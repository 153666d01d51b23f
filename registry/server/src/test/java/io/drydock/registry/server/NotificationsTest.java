package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is posted when something happens. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NotificationsTest {
    private static final byte[] BLOB = "a blob".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = Digest.sha256(BLOB).toString();
    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

    private final LinkedBlockingQueue<String> posted = new LinkedBlockingQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private HttpServer receiver;

    @TempDir
    Path directory;

    @BeforeEach
    void receive() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean refused = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (!refused) {
                posted.add(exchange.getRequestHeaders().getFirst("Content-Type") + " "
                        + exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
            }
            exchange.sendResponseHeaders(refused ? 503 : 200, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private RegistryServer registry(String more) throws IOException {
        return InProcess.serve(
                directory.resolve("data"), """
                notifications:
                  events:
                    includereferences: true
                  endpoints:
                    - name: listener
                      url: http://127.0.0.1:%d/events
                      headers: {Authorization: [Bearer x]}
                      timeout: 20s
                      threshold: 2
                      backoff: 10ms
                """.formatted(receiver.getAddress().getPort()) + more);
    }

    private String event() throws InterruptedException {
        String event = posted.poll(30, TimeUnit.SECONDS);
        assertThat(event).as("an event").isNotNull();
        return event;
    }

    private static void push(SpecClient client, String repository) {
        String location = client.ask("POST", "/v2/" + repository + "/blobs/uploads/", new byte[0])
                .header("Location");
        assertThat(client.ask("PUT", location + "?digest=" + DIGEST, BLOB).status())
                .isEqualTo(201);
    }

    private static byte[] manifest() {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + TYPE
                        + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
                        + DIGEST + "\",\"size\":6},\"layers\":[]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void tellsWhatDockersRegistryTells() throws Exception {
        byte[] manifest = manifest();
        String digest = Digest.sha256(manifest).toString();
        try (var registry = registry("");
                var client = new SpecClient(registry.port())) {
            push(client, "shop/web");
            assertThat(event())
                    .startsWith("application/vnd.docker.distribution.events.v1+json Bearer x {\"events\":[{\"id\":\"")
                    .contains(
                            "\"action\":\"push\",\"target\":{\"mediaType\":\"application/octet-stream\",\"size\":6,"
                                    + "\"digest\":\"" + DIGEST + "\",\"length\":6,\"repository\":\"shop/web\",\"url\":"
                                    + "\"http://127.0.0.1:" + registry.port() + "/v2/shop/web/blobs/" + DIGEST + "\"}",
                            "\"method\":\"PUT\"",
                            "\"actor\":{}",
                            "\"instanceID\"");
            client.ask("PUT", "/v2/shop/web/manifests/v1", manifest, "Content-Type", TYPE);
            assertThat(event())
                    .contains(
                            "\"action\":\"push\",\"target\":{\"mediaType\":\"" + TYPE + "\"",
                            "\"tag\":\"v1\",\"references\":[{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                                    + "\"size\":6,\"digest\":\"" + DIGEST + "\"}]}");
            client.ask("HEAD", "/v2/shop/web/manifests/v1", new byte[0], "User-Agent", "agent/1");
            assertThat(event()).contains("\"action\":\"pull\"", "\"method\":\"HEAD\",\"useragent\":\"agent/1\"");
            client.ask("GET", "/v2/shop/web/blobs/" + DIGEST, new byte[0]);
            assertThat(event()).contains("\"action\":\"pull\"", "/blobs/");
            client.ask("POST", "/v2/other/blobs/uploads/?mount=" + DIGEST + "&from=shop/web", new byte[0]);
            assertThat(event())
                    .contains("\"action\":\"mount\"", "\"repository\":\"other\",\"fromRepository\":\"shop/web\"");
            client.ask("DELETE", "/v2/shop/web/manifests/" + digest, new byte[0]);
            String deleted = event();
            if (!deleted.contains("\"tag\"")) {
                deleted += event();
            }
            assertThat(deleted)
                    .contains("\"action\":\"delete\",\"target\":{\"digest\":\"" + digest
                            + "\",\"repository\":\"shop/web\"}")
                    .contains("\"target\":{\"repository\":\"shop/web\",\"tag\":\"v1\"}");
        }
    }

    @Test
    void triesAgainUntilAnEventIsTaken() throws Exception {
        refusals.set(5);
        try (var registry = registry("");
                var client = new SpecClient(registry.port())) {
            push(client, "a");
            assertThat(event()).contains("\"repository\":\"a\"");
            assertThat(posted).isEmpty();
        }
    }

    @Test
    void leavesOutWhatIsIgnored() throws Exception {
        String ignored = "      ignore: {actions: [pull], mediatypes: [application/octet-stream]}\n";
        try (var registry = registry(ignored);
                var client = new SpecClient(registry.port())) {
            push(client, "a");
            client.ask("PUT", "/v2/a/manifests/v1", manifest(), "Content-Type", TYPE);
            client.ask("GET", "/v2/a/manifests/v1", new byte[0]);
            client.ask("DELETE", "/v2/a/manifests/v1", new byte[0]);
            assertThat(event()).contains("\"action\":\"push\",\"target\":{\"mediaType\":\"" + TYPE);
            assertThat(event()).contains("\"action\":\"delete\"");
        }
    }

    @Test
    void anOutboxOutlivesItsProcess() throws Exception {
        Path file = directory.resolve("outbox");
        try (var outbox = new Outbox(file, 1000)) {
            outbox.add(java.util.List.of("one", "two"));
            var batch = outbox.take(1);
            assertThat(batch.lines()).containsExactly("one");
            outbox.delivered(batch);
        }
        // killed in the middle of a line
        Files.writeString(file, "half", java.nio.file.StandardOpenOption.APPEND);
        try (var outbox = new Outbox(file, 10)) {
            outbox.add(java.util.List.of("three", "four"));
            assertThat(outbox.add(java.util.List.of("too much"))).isFalse();
            var batch = outbox.take(10);
            assertThat(batch.lines()).containsExactly("two", "three", "four");
            outbox.delivered(batch);
            assertThat(outbox.waiting()).isZero();
        }
        assertThat(Files.size(file)).isEqualTo(20);
    }

    @Test
    void refusesEndpointsThatAreNone() {
        assertThatThrownBy(() -> Settings.parse(
                        "{version: 0.1, notifications: {endpoints: [{name: a, url: nowhere}]}}", Map.of()))
                .hasMessageContaining("\"nowhere\" is no address");
        assertThatThrownBy(() -> Settings.parse(
                        "{version: 0.1, notifications: {endpoints: [{name: ../a, url: 'http://h'}]}}", Map.of()))
                .hasMessageContaining("must be of letters");
    }
}
