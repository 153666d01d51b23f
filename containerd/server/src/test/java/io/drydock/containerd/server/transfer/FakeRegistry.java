package io.drydock.containerd.server.transfer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.drydock.spec.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A registry of one repository, {@code box}, in this process, which misbehaves on demand. */
public final class FakeRegistry implements AutoCloseable {
    private final HttpServer server;
    private final java.util.concurrent.ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    /** Method and path of every request. */
    final List<String> requests = new CopyOnWriteArrayList<>();
    /** {@code user:password} that is asked for, or null. */
    volatile @Nullable String password;
    /** A blob of which half is sent, always. */
    volatile String cut = "";
    /** Blobs that are sent once the latch is open. */
    volatile Set<String> held = Set.of();

    private final AtomicInteger holding = new AtomicInteger();
    /** How many of those were asked for at once. */
    final AtomicInteger mostHeld = new AtomicInteger();
    /** What has come of the one upload that may be under way. */
    private final ByteArrayOutputStream uploaded = new ByteArrayOutputStream();

    final CountDownLatch release = new CountDownLatch(1);

    private FakeRegistry(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/v2/", this::serve);
        server.start();
    }

    public static FakeRegistry start() {
        try {
            return new FakeRegistry(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The name of a tag here. */
    public String name(String tag) {
        return "127.0.0.1:" + server.getAddress().getPort() + "/box:" + tag;
    }

    public void add(String tag, TestImage image) {
        blobs.putAll(image.blobs());
        manifests.put(tag, image.manifest());
        manifests.put(image.digest(), image.manifest());
    }

    long requestsFor(String part) {
        return requests.stream().filter(request -> request.contains(part)).count();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + path);
            if (password != null && !isAuthorized(exchange)) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"test\"");
                answer(
                        exchange,
                        401,
                        "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"authentication required\"}]}");
                return;
            }
            var last = path.substring(path.lastIndexOf('/') + 1);
            if (path.startsWith("/v2/box/manifests/")) {
                manifest(exchange, last);
            } else if (path.startsWith("/v2/box/blobs/uploads/")) {
                upload(exchange);
            } else {
                blob(exchange, last);
            }
        }
    }

    private boolean isAuthorized(HttpExchange exchange) {
        var wanted = "Basic "
                + Base64.getEncoder().encodeToString(String.valueOf(password).getBytes(StandardCharsets.UTF_8));
        return wanted.equals(exchange.getRequestHeaders().getFirst("Authorization"));
    }

    private void manifest(HttpExchange exchange, String reference) throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            var bytes = exchange.getRequestBody().readAllBytes();
            manifests.put(reference, bytes);
            manifests.put(Digest.sha256(bytes).toString(), bytes);
            exchange.getResponseHeaders()
                    .add("Docker-Content-Digest", Digest.sha256(bytes).toString());
            exchange.sendResponseHeaders(201, -1);
            return;
        }
        var bytes = manifests.get(reference);
        if (bytes == null) {
            answer(exchange, 404, "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}");
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "application/vnd.oci.image.manifest.v1+json");
        send(exchange, 200, bytes, bytes.length);
    }

    private void upload(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().add("Location", "/v2/box/blobs/uploads/1");
            exchange.sendResponseHeaders(202, -1);
            return;
        }
        var query = String.valueOf(exchange.getRequestURI().getQuery());
        synchronized (uploaded) {
            uploaded.write(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().add("Location", "/v2/box/blobs/uploads/1");
            if (query.contains("digest=")) {
                blobs.put(query.substring(query.indexOf("digest=") + 7), uploaded.toByteArray());
                uploaded.reset();
                exchange.sendResponseHeaders(201, -1);
            } else {
                exchange.getResponseHeaders().add("Range", "0-" + (uploaded.size() - 1));
                exchange.sendResponseHeaders(202, -1);
            }
        }
    }

    private void blob(HttpExchange exchange, String digest) throws IOException {
        var bytes = blobs.get(digest);
        if (bytes == null) {
            answer(
                    exchange,
                    404,
                    "{\"errors\":[{\"code\":\"BLOB_UNKNOWN\",\"message\":\"blob unknown to registry\"}]}");
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().add("Content-Length", String.valueOf(bytes.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        if (held.contains(digest)) {
            mostHeld.accumulateAndGet(holding.incrementAndGet(), Math::max);
            try {
                release.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            } finally {
                holding.decrementAndGet();
            }
        }
        // without ranges: whoever comes again gets it all from the start
        send(exchange, 200, digest.equals(cut) ? Arrays.copyOf(bytes, bytes.length / 2) : bytes, bytes.length);
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        send(exchange, status, bytes, bytes.length);
    }

    private static void send(HttpExchange exchange, int status, byte[] bytes, int announced) throws IOException {
        exchange.sendResponseHeaders(status, announced);
        if (!exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
        }
    }

    @Override
    public void close() {
        release.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
