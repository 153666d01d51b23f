package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.drydock.image.remote.Credentials;
import io.drydock.image.remote.Endpoint;
import io.drydock.image.remote.RegistryException;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry as our client uses it, and what of it the specification does not say. */
class RegistryTest {
    private static final byte[] BLOB = "some bytes".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = Digest.sha256(BLOB).toString();
    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // each test begins with start
    private RegistryServer server;

    private void start(String more) throws IOException {
        server = InProcess.serve(directory.resolve("data"), more);
    }

    @AfterEach
    void stop() {
        http.close();
        server.close();
    }

    private RemoteRepository repository(String name, Credentials credentials) throws IOException {
        return new RemoteRepository(List.of(Endpoint.plain("127.0.0.1:" + server.port())), name, credentials);
    }

    private HttpResponse<byte[]> send(String method, String target, byte[] body, String... headers) {
        var uri = target.startsWith("http") ? target : "http://127.0.0.1:" + server.port() + target;
        var request =
                HttpRequest.newBuilder(URI.create(uri)).method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + target, e);
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private String begin(String repository) {
        var begun = send("POST", "/v2/" + repository + "/blobs/uploads/", new byte[0]);
        assertThat(begun.statusCode()).isEqualTo(202);
        assertThat(header(begun, "Docker-Upload-UUID")).isNotEmpty();
        return header(begun, "Location");
    }

    private void push(String repository) {
        var done = send("PUT", begin(repository) + "?digest=" + DIGEST, BLOB);
        assertThat(done.statusCode()).isEqualTo(201);
    }

    private static byte[] manifest() {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + TYPE
                        + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
                        + DIGEST + "\",\"size\":" + BLOB.length + "},\"layers\":[]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anImageIsPushedAndPulledByOurClient() throws IOException {
        start("");
        try (var repository = repository("team/app", Credentials.ANONYMOUS)) {
            assertThat(repository.pushBlob(DIGEST, BLOB.length, "", offset -> new ByteArrayInputStream(BLOB), n -> {}))
                    .isEqualTo(RemoteRepository.Pushed.UPLOADED);
            assertThat(repository.pushBlob(DIGEST, BLOB.length, "", offset -> new ByteArrayInputStream(BLOB), n -> {}))
                    .isEqualTo(RemoteRepository.Pushed.EXISTED);
            repository.pushManifest("v1", TYPE, manifest());

            var fetched = repository.manifest("v1");
            assertThat(fetched.bytes()).isEqualTo(manifest());
            assertThat(fetched.mediaType()).isEqualTo(TYPE);
            assertThat(repository.manifest(fetched.digest()).bytes()).isEqualTo(manifest());
            try (var blob = repository.blob(DIGEST, BLOB.length, 0)) {
                assertThat(blob.readAllBytes()).isEqualTo(BLOB);
            }
            assertThat(repository.tags()).containsExactly("v1");
        }
    }

    @Test
    void aTagIsSetOnlyIfItStandsForWhatTheClientBelieves() throws IOException {
        start("");
        push("box");
        var first = manifest();
        var second = new String(first, StandardCharsets.UTF_8)
                .replace("{\"schema", "{ \"schema")
                .getBytes(StandardCharsets.UTF_8);
        var digest = "\"" + Digest.sha256(first) + "\"";
        var path = "/v2/box/manifests/v1";
        assertThat(send("PUT", path, first, "Content-Type", TYPE, "If-Match", digest)
                        .statusCode())
                .isEqualTo(412);
        assertThat(send("HEAD", path, new byte[0]).statusCode()).isEqualTo(404);
        assertThat(send("PUT", path, first, "Content-Type", TYPE, "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("PUT", path, second, "Content-Type", TYPE, "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(412);
        assertThat(send("GET", path, new byte[0]).body()).isEqualTo(first);
        assertThat(send("PUT", path, second, "Content-Type", TYPE, "If-Match", digest)
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("PUT", path, first, "Content-Type", TYPE, "If-Match", digest)
                        .statusCode())
                .isEqualTo(412);
        assertThat(send("PUT", path, first, "Content-Type", TYPE, "If-Match", "v1")
                        .statusCode())
                .isEqualTo(400);
        assertThat(send("GET", path, new byte[0]).body()).isEqualTo(second);
    }

    @Test
    void anUploadOutlivesTheProcess() throws IOException {
        start("");
        var location = begin("box");
        send("PATCH", location, new byte[] {'s', 'o', 'm', 'e'});
        server.close();
        start("");
        var path = URI.create(location).getPath();
        var done = send("PUT", path + "?digest=" + DIGEST, " bytes".getBytes(StandardCharsets.UTF_8));
        assertThat(done.statusCode()).isEqualTo(201);
        push("other");
    }

    @Test
    void healthAndMetricsHaveAnAddressOfTheirOwn() throws IOException {
        start("  debug: {addr: '127.0.0.1:0', prometheus: {enabled: true}}\n");
        push("box");
        send("GET", "/v2/box/manifests/none", new byte[0]);
        var debug = "http://127.0.0.1:" + server.debugPort();
        assertThat(text(send("GET", debug + "/debug/health", new byte[0]))).isEqualTo("{}");
        assertThat(text(send("GET", debug + "/metrics", new byte[0])))
                .contains("registry_http_requests_total{code=\"404\",handler=\"manifest\",method=\"get\"} 1.0")
                .contains("registry_http_in_flight_requests{handler=\"manifest\"} 0.0")
                .contains("registry_http_request_duration_seconds_count{handler=\"blob_upload\",method=\"post\"} 1");
        assertThat(send("GET", "/metrics", new byte[0]).statusCode()).isEqualTo(404);
    }

    @Test
    void aPrefixIsPartOfEveryAddress() throws IOException {
        start("  prefix: /sub/\n");
        assertThat(send("GET", "/v2/", new byte[0]).statusCode()).isEqualTo(404);
        var begun = send("POST", "/sub/v2/box/blobs/uploads/", new byte[0]);
        assertThat(header(begun, "Location")).contains("/sub/v2/box/blobs/uploads/");
        assertThat(send("PUT", header(begun, "Location") + "?digest=" + DIGEST, BLOB)
                        .statusCode())
                .isEqualTo(201);
        assertThat(send("GET", "/sub/v2/box/blobs/" + DIGEST, new byte[0]).body())
                .isEqualTo(BLOB);
    }

    @Test
    void aChangedHtpasswdFileIsReadAgain() throws IOException {
        var users = directory.resolve("users");
        Files.writeString(users, "me:" + BCrypt.withDefaults().hashToString(4, "old".toCharArray()) + "\n");
        start("auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n");
        var old = "Basic " + Base64.getEncoder().encodeToString("me:old".getBytes(StandardCharsets.UTF_8));
        assertThat(send("GET", "/v2/", new byte[0], "Authorization", old).statusCode())
                .isEqualTo(200);
        Files.writeString(users, "me:" + BCrypt.withDefaults().hashToString(4, "new".toCharArray()) + "\n");
        Files.setLastModifiedTime(users, FileTime.fromMillis(1));
        assertThat(send("GET", "/v2/", new byte[0], "Authorization", old).statusCode())
                .isEqualTo(401);
    }

    @Test
    void usersOfAnHtpasswdFileAreLetIn() throws IOException {
        var users = directory.resolve("users");
        Files.writeString(users, "me:" + BCrypt.withDefaults().hashToString(4, "secret".toCharArray()) + "\n");
        start("auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n");

        var refused = send("GET", "/v2/", new byte[0]);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(header(refused, "WWW-Authenticate")).isEqualTo("Basic realm=\"test\"");
        try (var repository = repository("box", new Credentials.UserPassword("me", "secret"))) {
            repository.pushBlob(DIGEST, BLOB.length, "", offset -> new ByteArrayInputStream(BLOB), n -> {});
        }
        try (var repository = repository("box", new Credentials.UserPassword("me", "wrong"))) {
            assertThatThrownBy(() -> repository.manifest("v1"))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.UNAUTHORIZED));
        }
    }
}
