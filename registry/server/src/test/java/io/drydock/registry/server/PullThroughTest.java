package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.drydock.registry.storage.Garbage;
import io.drydock.registry.storage.Storage;
import io.drydock.spec.oci.Digest;
import io.drydock.testkit.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A registry that caches another one, which is well, slow, down or lying. */
@Timeout(60)
class PullThroughTest {
    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final byte[] BLOB = new byte[300_000];

    static {
        new Random(7).nextBytes(BLOB);
    }

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch half = new CountDownLatch(1);
    private HttpServer upstream;
    private RegistryServer cache;
    private volatile byte[] manifest = manifest("first");
    private volatile boolean down;
    private volatile boolean waits;
    private volatile byte[] served = BLOB;

    private static byte[] manifest(String note) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + TYPE + "\",\"config\":{\"mediaType\":\"c\",\"digest\":\""
                        + Digest.sha256(BLOB) + "\",\"size\":" + BLOB.length
                        + "},\"layers\":[],\"annotations\":{\"n\":\""
                        + note + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @BeforeEach
    void start() throws IOException {
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        upstream.createContext("/", this::serve);
        upstream.start();
        cache = RegistryServer.start(
                Settings.parse("""
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: '127.0.0.1:0'}
                proxy: {remoteurl: 'http://127.0.0.1:%d/'}
                """.formatted(directory, upstream.getAddress().getPort()), Map.of()));
    }

    @AfterEach
    void stop() {
        half.countDown();
        http.close();
        cache.close();
        upstream.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + path);
            if (down) {
                exchange.sendResponseHeaders(500, -1);
            } else if (path.equals("/v2/box/manifests/v1")
                    || path.endsWith(Digest.sha256(manifest).toString())) {
                exchange.getResponseHeaders().add("Content-Type", TYPE);
                exchange.getResponseHeaders()
                        .add("Docker-Content-Digest", Digest.sha256(manifest).toString());
                answer(exchange, manifest);
            } else if (path.equals("/v2/box/blobs/" + Digest.sha256(BLOB))) {
                answer(exchange, served);
            } else if (path.equals("/v2/box/tags/list")) {
                answer(exchange, "{\"name\":\"box\",\"tags\":[\"v1\",\"a\"]}".getBytes(StandardCharsets.UTF_8));
            } else {
                exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, body.length);
        var out = exchange.getResponseBody();
        out.write(body, 0, body.length / 2);
        out.flush();
        if (waits && body.length == BLOB.length) {
            try {
                half.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        out.write(body, body.length / 2, body.length - body.length / 2);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + cache.port() + path));
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String blobPath() {
        return "/v2/box/blobs/" + Digest.sha256(BLOB);
    }

    @Test
    void anImageIsFetchedOnceAndServedWhenTheUpstreamIsDown() throws Exception {
        assertThat(get("/v2/box/manifests/v1").body()).isEqualTo(manifest);
        assertThat(get(blobPath()).body()).isEqualTo(BLOB);
        assertThat(get("/v2/box/tags/list").body())
                .isEqualTo("{\"name\":\"box\",\"tags\":[\"a\",\"v1\"]}\n".getBytes(StandardCharsets.UTF_8));
        down = true;
        asked.clear();
        assertThat(get("/v2/box/manifests/v1").body()).isEqualTo(manifest);
        assertThat(get("/v2/box/manifests/" + Digest.sha256(manifest)).body()).isEqualTo(manifest);
        assertThat(get(blobPath()).body()).isEqualTo(BLOB);
        assertThat(get("/v2/box/tags/list").body())
                .isEqualTo("{\"name\":\"box\",\"tags\":[\"v1\"]}\n".getBytes(StandardCharsets.UTF_8));
        assertThat(asked).allMatch(request -> !request.contains("/blobs/"));
        assertThat(get("/v2/box/manifests/other").statusCode()).isEqualTo(502);
    }

    @Test
    void aTagThatMovesUpstreamMovesHere() throws Exception {
        get("/v2/box/manifests/v1");
        asked.clear();
        get("/v2/box/manifests/v1");
        // only the digest was asked for
        assertThat(asked).containsExactly("HEAD /v2/box/manifests/v1");
        manifest = manifest("second");
        assertThat(get("/v2/box/manifests/v1").body()).isEqualTo(manifest);
        assertThat(get("/v2/box/manifests/none").statusCode()).isEqualTo(404);
        assertThat(get("/v2/none/blobs/" + Digest.sha256(BLOB)).statusCode()).isEqualTo(404);
    }

    @Test
    void allWhoWantABlobShareOneFetchAndGetItAsItComes() throws Exception {
        waits = true;
        var first = http.send(request(blobPath()).build(), HttpResponse.BodyHandlers.ofInputStream());
        var second = http.send(request(blobPath()).build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(first.headers().firstValueAsLong("Content-Length")).hasValue(BLOB.length);
        // the upstream has sent one half, and waits
        assertThat(first.body().readNBytes(100_000)).hasSize(100_000);
        assertThat(second.body().readNBytes(100_000)).hasSize(100_000);
        half.countDown();
        assertThat(first.body().readAllBytes()).hasSize(BLOB.length - 100_000);
        assertThat(second.body().readAllBytes()).hasSize(BLOB.length - 100_000);
        assertThat(asked)
                .filteredOn(request -> request.startsWith("GET /v2/box/blobs/"))
                .hasSize(1);
        assertThat(get(blobPath()).body()).isEqualTo(BLOB);
    }

    @Test
    void aPartOfABlobIsServedOnceItIsHere() throws Exception {
        var part = http.send(
                request(blobPath()).header("Range", "bytes=10-19").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(java.util.Arrays.copyOfRange(BLOB, 10, 20));
        var head = http.send(
                request(blobPath())
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(BLOB.length);
    }

    @Test
    void sizesAreToldWithoutAFetch() throws Exception {
        var head = http.send(
                request(blobPath())
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(BLOB.length);
        assertThat(asked).containsExactly("HEAD " + blobPath());
    }

    @Test
    void aWrongBlobIsNeverWholeAndNeverKept() throws Exception {
        served = BLOB.clone();
        served[5]++;
        assertThatThrownBy(() -> get(blobPath())).isInstanceOf(IOException.class);
        served = BLOB;
        assertThat(get(blobPath()).body()).isEqualTo(BLOB);
    }

    @Test
    void nobodyPushesToACache() throws Exception {
        var push = http.send(
                request("/v2/box/blobs/uploads/")
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        assertThat(push.statusCode()).isEqualTo(405);
    }

    @Test
    void whatNobodyUsesExpires() throws Exception {
        get("/v2/box/manifests/v1");
        get(blobPath());
        var storage = Storage.in(directory);
        assertThat(storage.manifests().expire(Instant.now().minusSeconds(60))).isZero();
        assertThat(storage.manifests().expire(Instant.now().plusSeconds(60))).isOne();
        assertThat(storage.garbage()
                        .collect(new Garbage.Policy(Duration.ZERO, false, false), line -> {})
                        .bytes())
                .isEqualTo(manifest.length + BLOB.length);
        assertThat(storage.manifests().repositories()).isEmpty();
    }

    private RegistryServer cacheOfMany(Path data, String more) throws IOException {
        return RegistryServer.start(
                Settings.parse("""
                version: 0.1
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: '127.0.0.1:0'}
                proxy:
                  upstreams:
                    - {name: 'one.example:5000', remoteurl: 'http://127.0.0.1:%d'}
                    - {name: two.example, remoteurl: 'http://127.0.0.1:1'}
                  %s
                """.formatted(data, upstream.getAddress().getPort(), more), Map.of()));
    }

    @Test
    void manyUpstreamsAreToldApart() throws Exception {
        cache.close();
        cache = cacheOfMany(directory.resolve("many"), "");
        var fetched = get("/v2/box/manifests/v1?ns=one.example:5000");
        assertThat(fetched.body()).isEqualTo(manifest);
        assertThat(fetched.headers().firstValue("OCI-Namespace")).contains("one.example:5000");
        assertThat(get(blobPath() + "?ns=one.example:5000").body()).isEqualTo(BLOB);
        assertThat(get("/v2/one.example_5000/box/manifests/v1").body()).isEqualTo(manifest);
        assertThat(get("/v2/box/manifests/v1?ns=two.example").statusCode()).isEqualTo(502);
        assertThat(get(blobPath() + "?ns=two.example").statusCode()).isEqualTo(502);
        assertThat(get("/v2/box/manifests/v1?ns=three.example").statusCode()).isEqualTo(404);
        assertThat(get("/v2/box/manifests/v1").statusCode()).isEqualTo(404);
        assertThat(get("/v2/?ns=one.example:5000").statusCode()).isEqualTo(200);
    }

    @Test
    void whatWasUsedLongestAgoMakesRoom() throws Exception {
        cache.close();
        var data = directory.resolve("bounded");
        cache = cacheOfMany(data, "maxsize: 1k\n  interval: 50ms");
        get("/v2/box/manifests/v1?ns=one.example:5000");
        assertThat(get(blobPath() + "?ns=one.example:5000").body()).isEqualTo(BLOB);
        var storage = Storage.in(data);
        Await.until("the blob has made room", () -> storage.blobs().size(Digest.sha256(BLOB)) == 0);
        assertThat(get(blobPath() + "?ns=one.example:5000").body()).isEqualTo(BLOB);
    }
}
