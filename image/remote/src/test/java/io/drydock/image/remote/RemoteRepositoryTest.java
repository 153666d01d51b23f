package io.drydock.image.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.drydock.testkit.PlainFront;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a small registry that misbehaves on demand. */
class RemoteRepositoryTest {
    private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private volatile boolean wantsToken;
    private volatile boolean wantsPassword;
    private volatile int cutsLeft;
    private volatile int busyLeft;
    private volatile boolean forgetful;
    private volatile boolean knowsRanges = true;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::serve);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private RemoteRepository repository(Credentials credentials) throws IOException {
        return new RemoteRepository(List.of(Endpoint.plain(host())), "team/app", credentials);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().getPath();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            if (path.equals("/token")) {
                answer(exchange, 200, "{\"token\":\"sesame\",\"expires_in\":300}".getBytes(StandardCharsets.UTF_8));
                return;
            }
            var authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (wantsToken && !"Bearer sesame".equals(authorization)) {
                exchange.getResponseHeaders()
                        .add(
                                "WWW-Authenticate",
                                "Bearer realm=\"http://" + host() + "/token\",service=\"reg\",scope=\"x\"");
                answer(exchange, 401, new byte[0]);
                return;
            }
            if (wantsPassword && !"Basic dXNlcjpwYXNz".equals(authorization)) {
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"reg\"");
                answer(exchange, 401, new byte[0]);
                return;
            }
            if (busyLeft > 0) {
                busyLeft--;
                exchange.getResponseHeaders().add("Retry-After", "0");
                answer(exchange, 429, new byte[0]);
                return;
            }
            var name = path.substring(path.lastIndexOf('/') + 1);
            if (path.contains("/manifests/")) {
                manifest(exchange, name);
            } else if (path.contains("/uploads/")) {
                upload(exchange, name);
            } else {
                blob(exchange, name);
            }
        }
    }

    private void manifest(HttpExchange exchange, String name) throws IOException {
        if (exchange.getRequestMethod().equals("PUT")) {
            manifests.put(name, exchange.getRequestBody().readAllBytes());
            answer(exchange, 201, new byte[0]);
        } else if (manifests.containsKey(name)) {
            exchange.getResponseHeaders()
                    .add("Content-Type", "application/vnd.oci.image.manifest.v1+json; charset=utf-8");
            answer(exchange, 200, manifests.get(name));
        } else {
            answer(
                    exchange,
                    404,
                    "{\"errors\":[{\"code\":\"MANIFEST_UNKNOWN\",\"message\":\"manifest unknown\"}]}"
                            .getBytes(StandardCharsets.UTF_8));
        }
    }

    private void upload(HttpExchange exchange, String name) throws IOException {
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                exchange.getResponseHeaders().add("Location", "/v2/team/app/blobs/uploads/one?state=abc");
                answer(exchange, 202, new byte[0]);
            }
            case "PATCH" -> {
                var range = exchange.getRequestHeaders().getFirst("Content-Range");
                var had = range == null ? new byte[0] : blobs.get("upload");
                assertThat(range == null || range.startsWith(had.length + "-")).isTrue();
                boolean cut = cutsLeft-- > 0;
                var body = exchange.getRequestBody();
                var part = cut ? body.readNBytes(100_000) : body.readAllBytes();
                var whole = Arrays.copyOf(had, had.length + part.length);
                System.arraycopy(part, 0, whole, had.length, part.length);
                blobs.put("upload", whole);
                if (cut) {
                    throw new IOException("the line is cut");
                }
                answer(exchange, 202, new byte[0]);
            }
            case "GET" -> {
                if (forgetful) {
                    answer(exchange, 404, new byte[0]);
                } else {
                    exchange.getResponseHeaders().add("Range", "0-" + (blobs.get("upload").length - 1));
                    exchange.sendResponseHeaders(204, -1);
                }
            }
            default -> {
                var query = exchange.getRequestURI().getQuery();
                blobs.put(query.substring(query.indexOf("digest=") + 7), blobs.remove("upload"));
                answer(exchange, 201, new byte[0]);
            }
        }
    }

    private void blob(HttpExchange exchange, String name) throws IOException {
        var bytes = blobs.get(name);
        if (bytes == null) {
            answer(exchange, 404, new byte[0]);
            return;
        }
        var range = exchange.getRequestHeaders().getFirst("Range");
        if (!knowsRanges) {
            range = null;
        }
        int from = range == null ? 0 : Integer.parseInt(range.substring(6, range.indexOf('-')));
        int to = range == null || range.endsWith("-")
                ? bytes.length
                : Math.min(bytes.length, Integer.parseInt(range.substring(range.indexOf('-') + 1)) + 1);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(range == null ? 200 : 206, to - from);
        int length = to - from;
        if (cutsLeft > 0) {
            cutsLeft--;
            exchange.getResponseBody().write(bytes, from, length / 2);
            exchange.getResponseBody().flush();
            throw new IOException("the line is cut");
        }
        exchange.getResponseBody().write(bytes, from, length);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private String store(byte[] bytes) throws RegistryException {
        var digest = DigestCheck.sha256(bytes);
        blobs.put(digest, bytes);
        return digest;
    }

    private static byte[] noise(int size) {
        var bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    @Test
    void fetchesAManifestAndAsksForATokenOnce() throws IOException {
        wantsToken = true;
        manifests.put("latest", "{}".getBytes(StandardCharsets.UTF_8));
        try (var repository = repository(Credentials.ANONYMOUS)) {
            var manifest = repository.manifest("latest");
            repository.manifest("latest");

            assertThat(manifest.mediaType()).isEqualTo("application/vnd.oci.image.manifest.v1+json");
            assertThat(manifest.digest()).isEqualTo(DigestCheck.sha256("{}".getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(requests.stream().filter(r -> r.contains("/token")))
                .hasSize(1)
                .first()
                .asString()
                .contains("scope=repository");
    }

    @Test
    void sendsThePasswordWhenAsked() throws IOException {
        wantsPassword = true;
        manifests.put("latest", "{}".getBytes(StandardCharsets.UTF_8));
        try (var repository = repository(new Credentials.UserPassword("user", "pass"))) {
            assertThat(repository.manifest("latest").bytes()).hasSize(2);
        }
        try (var repository = repository(new Credentials.UserPassword("user", "wrong"))) {
            assertThatThrownBy(() -> repository.manifest("latest"))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.UNAUTHORIZED));
        }
    }

    @Test
    void saysWhatTheRegistrySaid() throws IOException {
        try (var repository = repository(Credentials.ANONYMOUS)) {
            assertThatThrownBy(() -> repository.manifest("none"))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.NOT_FOUND))
                    .hasMessageContaining("manifest unknown");
        }
    }

    @Test
    void takesUpABrokenConnectionWhereItBroke() throws IOException {
        var bytes = noise(300_000);
        var digest = store(bytes);
        cutsLeft = 2;
        try (var repository = repository(Credentials.ANONYMOUS);
                var stream = repository.blob(digest, bytes.length, 0)) {
            assertThat(stream.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(requests).hasSize(3);
    }

    @Test
    void givesUpWhenTheConnectionBreaksAgainAndAgain() throws IOException {
        var bytes = noise(300_000);
        var digest = store(bytes);
        cutsLeft = 100;
        try (var repository = repository(Credentials.ANONYMOUS);
                var stream = repository.blob(digest, bytes.length, 0)) {
            assertThatThrownBy(stream::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("unexpected EOF");
        }
    }

    @Test
    void refusesABlobThatIsNotWhatItsDigestSays() throws IOException {
        var bytes = noise(1000);
        var digest = DigestCheck.sha256(noise(999));
        blobs.put(digest, bytes);
        try (var repository = repository(Credentials.ANONYMOUS);
                var stream = repository.blob(digest, bytes.length, 0)) {
            assertThatThrownBy(stream::readAllBytes)
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.DIGEST_MISMATCH));
        }
    }

    @Test
    void waitsForABusyRegistry() throws IOException {
        manifests.put("latest", "{}".getBytes(StandardCharsets.UTF_8));
        busyLeft = 2;
        try (var repository = repository(Credentials.ANONYMOUS)) {
            assertThat(repository.manifest("latest").bytes()).hasSize(2);
        }
    }

    @Test
    void asksTheMirrorFirstAndTheRegistryWhenItHasNothing() throws IOException {
        manifests.put("latest", "{}".getBytes(StandardCharsets.UTF_8));
        var dead = new Endpoint(java.net.URI.create("http://127.0.0.1:1"), false, null, true);
        try (var repository =
                new RemoteRepository(List.of(dead, Endpoint.plain(host())), "team/app", Credentials.ANONYMOUS)) {
            assertThat(repository.manifest("latest").bytes()).hasSize(2);
        }
    }

    @Test
    void fallsBackToPlainHttpForAnInsecureRegistry() throws IOException {
        manifests.put("latest", "{}".getBytes(StandardCharsets.UTF_8));
        try (var front = new PlainFront(server.getAddress().getPort());
                var repository = new RemoteRepository(
                        List.of(Endpoint.insecure("127.0.0.1:" + front.port())), "team/app", Credentials.ANONYMOUS)) {
            assertThat(repository.manifest("latest").bytes()).hasSize(2);
        }
    }

    @Test
    void pushesABlobUnlessItIsThere() throws IOException {
        var bytes = noise(200_000);
        var digest = DigestCheck.sha256(bytes);
        var seen = new ArrayList<Long>();
        try (var repository = repository(Credentials.ANONYMOUS)) {
            RemoteRepository.BlobSource source = offset -> new ByteArrayInputStream(bytes);
            assertThat(repository.pushBlob(digest, bytes.length, "", source, seen::add))
                    .isEqualTo(RemoteRepository.Pushed.UPLOADED);
            assertThat(repository.pushBlob(digest, bytes.length, "", source, seen::add))
                    .isEqualTo(RemoteRepository.Pushed.EXISTED);
            repository.pushManifest(
                    "v1", "application/vnd.oci.image.manifest.v1+json", "{}".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(blobs.get(digest)).isEqualTo(bytes);
        assertThat(manifests).containsKey("v1");
        assertThat(seen.getLast()).isEqualTo(bytes.length);
    }

    @Test
    void aLargeBlobComesInPiecesThatAreTakenUpAgain() throws IOException {
        var bytes = noise((int) BlobFetch.LARGE + 1_000_000);
        var digest = store(bytes);
        try (var repository = repository(Credentials.ANONYMOUS)) {
            for (int cuts : new int[] {0, 3}) {
                requests.clear();
                cutsLeft = cuts;
                try (var stream = repository.blob(digest, bytes.length, 0)) {
                    assertThat(stream.readAllBytes()).isEqualTo(bytes);
                }
                assertThat(requests).hasSizeGreaterThanOrEqualTo(5);
            }
            try (var stream = repository.blob(digest, bytes.length, 500_000)) {
                assertThat(stream.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, 500_000, bytes.length));
            }
            // who reads no further leaves room for others
            for (int i = 0; i < 20; i++) {
                try (var stream = repository.blob(digest, bytes.length, 0)) {
                    assertThat(stream.read()).isEqualTo(bytes[0] & 0xff);
                }
            }
            knowsRanges = false;
            try (var stream = repository.blob(digest, bytes.length, 0)) {
                assertThat(stream.readAllBytes()).isEqualTo(bytes);
            }
        }
    }

    @Test
    void anUploadThatIsCutGoesOn() throws IOException {
        var bytes = noise(2_000_000);
        var digest = DigestCheck.sha256(bytes);
        cutsLeft = 2;
        var opened = new ArrayList<Long>();
        RemoteRepository.BlobSource source = offset -> {
            opened.add(offset);
            return new ByteArrayInputStream(bytes, (int) offset, bytes.length - (int) offset);
        };
        try (var repository = repository(Credentials.ANONYMOUS)) {
            assertThat(repository.pushBlob(digest, bytes.length, "", source, sent -> {}))
                    .isEqualTo(RemoteRepository.Pushed.UPLOADED);
            assertThat(blobs.get(digest)).isEqualTo(bytes);
            assertThat(opened).containsExactly(0L, 100_000L, 200_000L);

            blobs.clear();
            opened.clear();
            cutsLeft = 1;
            forgetful = true;
            repository.pushBlob(digest, bytes.length, "", source, sent -> {});
            assertThat(blobs.get(digest)).isEqualTo(bytes);
            assertThat(opened).containsExactly(0L, 0L);
        }
    }

    @Test
    void readsChallenges() {
        var challenges = Challenge.parse(List.of(
                "Bearer realm=\"https://a/t\",service=\"s\" , scope=\"r:x:pull,push\", Basic realm=\"q\\\"q\""));

        assertThat(challenges).hasSize(2);
        assertThat(challenges.getFirst().parameter("scope")).isEqualTo("r:x:pull,push");
        assertThat(challenges.getLast().scheme()).isEqualTo("basic");
        assertThat(challenges.getLast().parameter("realm")).isEqualTo("q\"q");
    }
}
