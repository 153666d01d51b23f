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
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The registry over HTTP: by our client, and byte by byte where other clients do it differently. */
class RegistryTest {
    private static final byte[] BLOB = "some bytes".getBytes(StandardCharsets.UTF_8);
    private static final String DIGEST = Digest.sha256(BLOB).toString();
    private static final String TYPE = "application/vnd.oci.image.manifest.v1+json";

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();
    private RegistryServer server;

    @BeforeEach
    void start() throws IOException {
        server = start("");
    }

    private RegistryServer start(String more) throws IOException {
        return RegistryServer.start(Settings.parse("""
                version: 0.1
                storage:
                  filesystem:
                    rootdirectory: %s
                  delete:
                    enabled: true
                http:
                  addr: 127.0.0.1:0
                """.formatted(directory.resolve("data")) + more, Map.of()));
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
    void itSaysWhatItIs() {
        var answer = send("GET", "/v2/", new byte[0]);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(text(answer)).isEqualTo("{}");
        assertThat(header(answer, "Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
    }

    @Test
    void anImageIsPushedAndPulledByOurClient() throws IOException {
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
    void aBlobComesInChunks() {
        var location = begin("box");
        var first = send("PATCH", location, new byte[] {'s', 'o', 'm', 'e'}, "Content-Range", "0-3");
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(header(first, "Range")).isEqualTo("0-3");
        var wrong = send("PATCH", location, new byte[] {'x'}, "Content-Range", "9-9");
        assertThat(wrong.statusCode()).isEqualTo(416);
        var status = send("GET", location, new byte[0]);
        assertThat(status.statusCode()).isEqualTo(204);
        assertThat(header(status, "Range")).isEqualTo("0-3");
        assertThat(send("PATCH", location, " byt".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(202);
        var done = send("PUT", location + "?digest=" + DIGEST, "es".getBytes(StandardCharsets.UTF_8));
        assertThat(done.statusCode()).isEqualTo(201);
        assertThat(header(done, "Docker-Content-Digest")).isEqualTo(DIGEST);
        assertThat(send("GET", header(done, "Location"), new byte[0]).body()).isEqualTo(BLOB);
    }

    @Test
    void anUploadOutlivesTheProcess() throws IOException {
        var location = begin("box");
        send("PATCH", location, new byte[] {'s', 'o', 'm', 'e'});
        server.close();
        server = start("");
        var path = URI.create(location).getPath();
        var done = send("PUT", path + "?digest=" + DIGEST, " bytes".getBytes(StandardCharsets.UTF_8));
        assertThat(done.statusCode()).isEqualTo(201);
        push("other");
    }

    @Test
    void aBlobComesWithOnePost() {
        assertThat(send("POST", "/v2/box/blobs/uploads/?digest=" + DIGEST, BLOB).statusCode())
                .isEqualTo(201);
        assertThat(send("HEAD", "/v2/box/blobs/" + DIGEST, new byte[0]).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aWrongDigestIsRefusedAndTheSessionEnds() {
        var location = begin("box");
        var refused = send("PUT", location + "?digest=sha256:" + "0".repeat(64), BLOB);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(text(refused)).contains("DIGEST_INVALID");
        assertThat(send("GET", location, new byte[0]).statusCode()).isEqualTo(404);
        assertThat(send("PUT", begin("box") + "?digest=nonsense", BLOB).statusCode())
                .isEqualTo(400);
    }

    @Test
    void aCancelledUploadIsGone() {
        var location = begin("box");
        assertThat(send("DELETE", location, new byte[0]).statusCode()).isEqualTo(204);
        assertThat(text(send("PATCH", location, BLOB))).contains("BLOB_UPLOAD_UNKNOWN");
    }

    @Test
    void aBlobIsMountedFromAnotherRepository() {
        push("one");
        assertThat(send("HEAD", "/v2/two/blobs/" + DIGEST, new byte[0]).statusCode())
                .isEqualTo(404);
        var mounted = send("POST", "/v2/two/blobs/uploads/?mount=" + DIGEST + "&from=one", new byte[0]);
        assertThat(mounted.statusCode()).isEqualTo(201);
        assertThat(send("GET", "/v2/two/blobs/" + DIGEST, new byte[0]).body()).isEqualTo(BLOB);
        assertThat(send("POST", "/v2/three/blobs/uploads/?mount=" + DIGEST + "&from=nobody", new byte[0])
                        .statusCode())
                .isEqualTo(202);
    }

    @Test
    void partsOfABlob() {
        push("box");
        var path = "/v2/box/blobs/" + DIGEST;
        var middle = send("GET", path, new byte[0], "Range", "bytes=5-7");
        assertThat(middle.statusCode()).isEqualTo(206);
        assertThat(text(middle)).isEqualTo("byt");
        assertThat(header(middle, "Content-Range")).isEqualTo("bytes 5-7/10");
        assertThat(text(send("GET", path, new byte[0], "Range", "bytes=5-"))).isEqualTo("bytes");
        assertThat(text(send("GET", path, new byte[0], "Range", "bytes=-2"))).isEqualTo("es");
        assertThat(send("GET", path, new byte[0], "Range", "bytes=10-").statusCode())
                .isEqualTo(416);
        assertThat(send("GET", path, new byte[0], "If-None-Match", "\"" + DIGEST + "\"")
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void aManifestNeedsItsBlobsAndMustBeOne() {
        var path = "/v2/box/manifests/v1";
        assertThat(text(send("PUT", path, manifest(), "Content-Type", TYPE))).contains("MANIFEST_BLOB_UNKNOWN");
        assertThat(text(send("PUT", path, "{".getBytes(StandardCharsets.UTF_8), "Content-Type", TYPE)))
                .contains("MANIFEST_INVALID");
        push("box");
        assertThat(text(send("PUT", path, manifest(), "Content-Type", "text/plain")))
                .contains("MANIFEST_INVALID");
        assertThat(text(send("PUT", "/v2/box/manifests/sha256:" + "0".repeat(64), manifest(), "Content-Type", TYPE)))
                .contains("DIGEST_INVALID");
        assertThat(send("PUT", path, manifest(), "Content-Type", TYPE).statusCode())
                .isEqualTo(201);
    }

    @Test
    void manifestsTagsAndBlobsAreDeleted() {
        push("box");
        send("PUT", "/v2/box/manifests/v1", manifest(), "Content-Type", TYPE);
        send("PUT", "/v2/box/manifests/v2", manifest(), "Content-Type", TYPE);
        var digest = Digest.sha256(manifest());

        assertThat(send("DELETE", "/v2/box/manifests/v1", new byte[0]).statusCode())
                .isEqualTo(202);
        assertThat(text(send("GET", "/v2/box/manifests/v1", new byte[0]))).contains("MANIFEST_UNKNOWN");
        assertThat(text(send("GET", "/v2/box/tags/list", new byte[0]))).contains("[\"v2\"]");

        assertThat(send("DELETE", "/v2/box/manifests/" + digest, new byte[0]).statusCode())
                .isEqualTo(202);
        assertThat(send("GET", "/v2/box/manifests/v2", new byte[0]).statusCode())
                .isEqualTo(404);
        assertThat(send("DELETE", "/v2/box/blobs/" + DIGEST, new byte[0]).statusCode())
                .isEqualTo(202);
        assertThat(text(send("GET", "/v2/box/blobs/" + DIGEST, new byte[0]))).contains("BLOB_UNKNOWN");
    }

    @Test
    void listsComeInPages() {
        push("box");
        for (var tag : List.of("a", "b", "c")) {
            send("PUT", "/v2/box/manifests/" + tag, manifest(), "Content-Type", TYPE);
        }
        var first = send("GET", "/v2/box/tags/list?n=2", new byte[0]);
        assertThat(text(first)).contains("[\"a\",\"b\"]");
        assertThat(header(first, "Link")).isEqualTo("</v2/box/tags/list?last=b&n=2>; rel=\"next\"");
        var second = send("GET", "/v2/box/tags/list?n=2&last=b", new byte[0]);
        assertThat(text(second)).contains("[\"c\"]");
        assertThat(header(second, "Link")).isEmpty();
        assertThat(text(send("GET", "/v2/_catalog", new byte[0]))).isEqualTo("{\"repositories\":[\"box\"]}\n");
        assertThat(text(send("GET", "/v2/none/tags/list", new byte[0]))).contains("NAME_UNKNOWN");
    }

    @Test
    void aManifestPushedByDigestGetsItsTags() {
        push("box");
        var digest = Digest.sha256(manifest());
        var answer = send("PUT", "/v2/box/manifests/" + digest + "?tag=one&tag=two", manifest(), "Content-Type", TYPE);
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(header(answer, "OCI-Tag")).isEqualTo("one, two");
        assertThat(text(send("GET", "/v2/box/tags/list", new byte[0]))).contains("[\"one\",\"two\"]");
        assertThat(text(send("PUT", "/v2/box/manifests/" + digest + "?tag=-no", manifest(), "Content-Type", TYPE)))
                .contains("TAG_INVALID");
    }

    private static byte[] about(String subject, String artifactType) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + TYPE + "\",\"artifactType\":\"" + artifactType
                        + "\",\"config\":{\"mediaType\":\"application/vnd.oci.empty.v1+json\",\"digest\":\"" + DIGEST
                        + "\",\"size\":" + BLOB.length + "},\"layers\":[],\"subject\":{\"mediaType\":\"" + TYPE
                        + "\",\"digest\":\"" + subject + "\",\"size\":1},\"annotations\":{\"k\":\"v\"}}")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsAboutAManifestIsListed() {
        push("box");
        var subject = Digest.sha256(manifest());
        var path = "/v2/box/referrers/" + subject;
        assertThat(text(send("GET", path, new byte[0]))).contains("\"manifests\":[]");
        var signature = about(subject.toString(), "a/signature");
        var pushed = send("PUT", "/v2/box/manifests/" + Digest.sha256(signature), signature, "Content-Type", TYPE);
        assertThat(header(pushed, "OCI-Subject")).isEqualTo(subject.toString());
        var bill = about(subject.toString(), "a/bill");
        send("PUT", "/v2/box/manifests/" + Digest.sha256(bill), bill, "Content-Type", TYPE);

        var all = send("GET", path, new byte[0]);
        assertThat(header(all, "Content-Type")).isEqualTo("application/vnd.oci.image.index.v1+json");
        assertThat(text(all))
                .contains(
                        Digest.sha256(signature).toString(), Digest.sha256(bill).toString())
                .contains("\"annotations\":{\"k\":\"v\"}")
                .contains("\"artifactType\":\"a/bill\"");
        var some = send("GET", path + "?artifactType=a/bill", new byte[0]);
        assertThat(header(some, "OCI-Filters-Applied")).isEqualTo("artifactType");
        assertThat(text(some))
                .contains(Digest.sha256(bill).toString())
                .doesNotContain(Digest.sha256(signature).toString());
        send("DELETE", "/v2/box/manifests/" + Digest.sha256(bill), new byte[0]);
        assertThat(text(send("GET", path, new byte[0])))
                .doesNotContain(Digest.sha256(bill).toString());
        assertThat(send("GET", "/v2/box/referrers/nonsense", new byte[0]).statusCode())
                .isEqualTo(400);
    }

    @Test
    void healthAndMetricsHaveAnAddressOfTheirOwn() throws IOException {
        server.close();
        server = start("  debug: {addr: '127.0.0.1:0', prometheus: {enabled: true}}\n");
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
        server.close();
        server = start("  prefix: /sub/\n");
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
    void namesThatLeadElsewhereAreRefused() {
        assertThat(send("GET", "/v2/..%2F..%2Fetc/blobs/" + DIGEST, new byte[0]).statusCode())
                .isEqualTo(400);
        assertThat(send("GET", "/v2/box/blobs/sha256:..%2F..%2Fx", new byte[0]).statusCode())
                .isEqualTo(400);
        assertThat(send("GET", "/v2/box/manifests/..%2F..%2Fx", new byte[0]).statusCode())
                .isBetween(400, 404);
        assertThat(send("GET", "/v2/box/blobs/uploads/..%2Fx", new byte[0]).statusCode())
                .isEqualTo(404);
    }

    @Test
    void aChangedHtpasswdFileIsReadAgain() throws IOException {
        var users = directory.resolve("users");
        Files.writeString(users, "me:" + BCrypt.withDefaults().hashToString(4, "old".toCharArray()) + "\n");
        server.close();
        server = start("auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n");
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
        server.close();
        server = start("auth:\n  htpasswd:\n    realm: test\n    path: " + users + "\n");

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
