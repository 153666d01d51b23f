package io.drydock.registry.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The OCI distribution specification 1.1.1 as cases that any registry can be asked, by HTTP only; the names of its end points are
 * in the cases' comments. These are the ones that Docker's registry 2.8 passes, too, so that it shows that they ask the right thing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DistributionSuite {
    static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    static final String INDEX = "application/vnd.oci.image.index.v1+json";
    static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    static final String DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
    private static final Set<Integer> GONE_OR_BAD = Set.of(400, 404);

    private SpecClient client;

    /** Of each case its own. */
    String repository = "";

    /** Starts the registry that is asked. */
    abstract SpecClient serve(Path data) throws IOException;

    @BeforeAll
    final void start(@TempDir Path directory) throws IOException {
        client = serve(directory.resolve("data"));
    }

    @BeforeEach
    final void name() {
        repository = "suite/r" + Long.toString(ThreadLocalRandom.current().nextLong() >>> 1, 36);
    }

    @AfterAll
    final void close() {
        client.close();
    }

    final SpecClient client() {
        return client;
    }

    final SpecClient.Answer ask(String method, String path, String... headers) {
        return client().ask(method, path, new byte[0], headers);
    }

    final SpecClient.Answer ask(String method, String path, byte[] body, String... headers) {
        return client().ask(method, path, body, headers);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String digest(byte[] bytes) {
        return Digest.sha256(bytes).toString();
    }

    final String blobs(String digest) {
        return "/v2/" + repository + "/blobs/" + digest;
    }

    final String manifests(String reference) {
        return "/v2/" + repository + "/manifests/" + reference;
    }

    /** Where an upload goes on, from its start (end-4a). */
    final String upload() {
        var started = ask("POST", "/v2/" + repository + "/blobs/uploads/");
        assertThat(started.status()).isEqualTo(202);
        assertThat(started.header("Content-Length")).isEqualTo("0");
        return started.header("Location");
    }

    static String with(String location, String query) {
        return location + (location.contains("?") ? "&" : "?") + query;
    }

    /** Pushes a blob as most clients do, and returns its digest. */
    final String push(byte[] blob) {
        String digest = digest(blob);
        var done = ask("PUT", with(upload(), "digest=" + digest), blob, "Content-Type", "application/octet-stream");
        assertThat(done.status()).as(done.text()).isEqualTo(201);
        return digest;
    }

    final byte[] manifest(byte[] layer) {
        return manifest(layer, MANIFEST, "");
    }

    /** The manifest of an image of one layer, both of whose blobs are there. */
    final byte[] manifest(byte[] layer, String type, String more) {
        byte[] config = bytes("{\"architecture\":\"amd64\",\"os\":\"linux\"}");
        push(config);
        push(layer);
        return bytes("""
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
                "digest":"%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s",\
                "size":%d}]%s}""".formatted(type, digest(config), config.length, digest(layer), layer.length, more));
    }

    final SpecClient.Answer tag(String reference, byte[] manifest) {
        return ask("PUT", manifests(reference), manifest, "Content-Type", MANIFEST);
    }

    final void tagged(String... tags) {
        byte[] manifest = manifest(bytes("tagged"));
        for (String tag : tags) {
            assertThat(tag(tag, manifest).status()).isEqualTo(201);
        }
    }

    @Test
    void itSpeaksTheProtocol() { // end-1
        var answer = ask("GET", "/v2/");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEqualTo("{}");
        assertThat(answer.header("Docker-Distribution-Api-Version")).isEqualTo("registry/2.0");
    }

    @Test
    void aBlobIsThereForGetAndHead() { // end-2
        byte[] blob = bytes("a blob");
        String digest = push(blob);
        for (String method : List.of("GET", "HEAD")) {
            var answer = ask(method, blobs(digest));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("Content-Length")).isEqualTo("6");
            assertThat(answer.header("Docker-Content-Digest")).isEqualTo(digest);
            assertThat(answer.body()).isEqualTo(method.equals("GET") ? blob : new byte[0]);
        }
    }

    @Test
    void theEmptyBlobIsABlob() {
        String digest = push(new byte[0]);
        assertThat(ask("GET", blobs(digest)).status()).isEqualTo(200);
        assertThat(ask("GET", blobs(digest)).body()).isEmpty();
    }

    @Test
    void anUnknownBlobIsNotFound() {
        push(bytes("another"));
        var answer = ask("GET", blobs(digest(bytes("nobody pushed this"))));
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("BLOB_UNKNOWN");
        assertThat(ask("HEAD", blobs(digest(bytes("nor this")))).status()).isEqualTo(404);
    }

    @Test
    void partsOfABlobAreServed() {
        String digest = push(bytes("0123456789"));
        var middle = ask("GET", blobs(digest), "Range", "bytes=2-4");
        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.text()).isEqualTo("234");
        assertThat(middle.header("Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(ask("GET", blobs(digest), "Range", "bytes=7-").text()).isEqualTo("789");
        assertThat(ask("GET", blobs(digest), "Range", "bytes=-3").text()).isEqualTo("789");
    }

    @Test
    void whoHasABlobIsSpared() {
        String digest = push(bytes("cached"));
        String tag = ask("GET", blobs(digest)).header("ETag");
        assertThat(ask("GET", blobs(digest), "If-None-Match", tag).status()).isEqualTo(304);
        assertThat(ask("GET", blobs(digest), "If-None-Match", "\"other\"").status())
                .isEqualTo(200);
    }

    @Test
    void aBlobComesWithOnePut() { // end-4a, end-6
        byte[] blob = bytes("in one piece");
        var done =
                ask("PUT", with(upload(), "digest=" + digest(blob)), blob, "Content-Type", "application/octet-stream");
        assertThat(done.status()).isEqualTo(201);
        assertThat(done.header("Docker-Content-Digest")).isEqualTo(digest(blob));
        assertThat(ask("GET", done.header("Location")).body()).isEqualTo(blob);
    }

    @Test
    void aBlobComesInChunksInOrder() { // end-4a, end-5, end-6, end-13
        String location = upload();
        var first = ask(
                "PATCH", location, bytes("first,"), "Content-Type", "application/octet-stream", "Content-Range", "0-5");
        assertThat(first.status()).isEqualTo(202);
        assertThat(first.header("Range")).isEqualTo("0-5");
        location = first.header("Location");
        var status = ask("GET", location);
        assertThat(status.status()).isEqualTo(204);
        assertThat(status.header("Range")).isEqualTo("0-5");
        var second = ask(
                "PATCH",
                location,
                bytes("second,"),
                "Content-Type",
                "application/octet-stream",
                "Content-Range",
                "6-12");
        assertThat(second.header("Range")).isEqualTo("0-12");
        byte[] whole = bytes("first,second,last");
        var done = ask(
                "PUT",
                with(second.header("Location"), "digest=" + digest(whole)),
                bytes("last"),
                "Content-Type",
                "application/octet-stream",
                "Content-Range",
                "13-16");
        assertThat(done.status()).isEqualTo(201);
        assertThat(ask("GET", blobs(digest(whole))).body()).isEqualTo(whole);
    }

    @Test
    void aBlobIsStreamedWithoutItsLength() { // as docker and skopeo push
        byte[] blob = new byte[300_000];
        ThreadLocalRandom.current().nextBytes(blob);
        var streamed = client().send(
                        "PATCH",
                        upload(),
                        HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(blob)));
        assertThat(streamed.status()).isEqualTo(202);
        assertThat(streamed.header("Range")).isEqualTo("0-299999");
        var done = ask("PUT", with(streamed.header("Location"), "digest=" + digest(blob)));
        assertThat(done.status()).isEqualTo(201);
        assertThat(ask("GET", blobs(digest(blob))).body()).isEqualTo(blob);
    }

    @Test
    void twoUploadsDoNotMix() {
        String one = upload();
        String other = upload();
        assertThat(one).isNotEqualTo(other);
        one = ask("PATCH", one, bytes("one"), "Content-Type", "application/octet-stream")
                .header("Location");
        other = ask("PATCH", other, bytes("other"), "Content-Type", "application/octet-stream")
                .header("Location");
        assertThat(ask("PUT", with(one, "digest=" + digest(bytes("one")))).status())
                .isEqualTo(201);
        assertThat(ask("PUT", with(other, "digest=" + digest(bytes("other")))).status())
                .isEqualTo(201);
    }

    @Test
    void aBlobWithAnotherDigestIsRefused() {
        var refused = ask(
                "PUT",
                with(upload(), "digest=" + digest(bytes("expected"))),
                bytes("other"),
                "Content-Type",
                "application/octet-stream");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).isEqualTo("DIGEST_INVALID");
        assertThat(ask("GET", blobs(digest(bytes("other")))).status()).isEqualTo(404);
        assertThat(ask("GET", blobs(digest(bytes("expected")))).status()).isEqualTo(404);
    }

    @Test
    void aDigestMustBeOne() {
        var refused =
                ask("PUT", with(upload(), "digest=sha256:12"), bytes("x"), "Content-Type", "application/octet-stream");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).isEqualTo("DIGEST_INVALID");
        assertThat(ask("GET", blobs("nonsense")).status()).isIn(GONE_OR_BAD);
    }

    @Test
    void anUploadIsCancelled() { // end-14
        String location = upload();
        assertThat(ask("DELETE", location).status()).isEqualTo(204);
        var answer = ask("GET", location);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("BLOB_UPLOAD_UNKNOWN");
    }

    @Test
    void anUploadThatNobodyBeganIsUnknown() {
        push(bytes("so that the repository is known"));
        String nowhere = "/v2/" + repository + "/blobs/uploads/11111111-2222-4333-8444-555555555555";
        assertThat(ask("PATCH", nowhere, bytes("x"), "Content-Type", "application/octet-stream")
                        .status())
                .isIn(GONE_OR_BAD);
        assertThat(ask("DELETE", nowhere).status()).isIn(GONE_OR_BAD);
    }

    @Test
    void aBlobIsMountedFromAnotherRepository() { // end-11
        byte[] blob = bytes("shared " + repository);
        String digest = push(blob);
        String other = "/v2/" + repository + "/other/blobs/";
        var mounted = ask("POST", other + "uploads/?mount=" + digest + "&from=" + repository);
        assertThat(mounted.status()).isEqualTo(201);
        assertThat(mounted.header("Docker-Content-Digest")).isEqualTo(digest);
        assertThat(ask("GET", mounted.header("Location")).body()).isEqualTo(blob);
        assertThat(ask("GET", other + digest).body()).isEqualTo(blob);
    }

    @Test
    void whatCannotBeMountedIsUploaded() {
        byte[] blob = bytes("nowhere yet " + repository);
        var answer = ask(
                "POST",
                "/v2/" + repository + "/blobs/uploads/?mount=" + digest(blob) + "&from=" + repository + "/none");
        assertThat(answer.status()).isEqualTo(202);
        var done = ask(
                "PUT",
                with(answer.header("Location"), "digest=" + digest(blob)),
                blob,
                "Content-Type",
                "application/octet-stream");
        assertThat(done.status()).isEqualTo(201);
    }

    @Test
    void aManifestIsThereByTagAndByDigest() { // end-3, end-7
        byte[] manifest = manifest(bytes("layer"));
        var put = tag("v1", manifest);
        assertThat(put.status()).as(put.text()).isEqualTo(201);
        assertThat(put.header("Docker-Content-Digest")).isEqualTo(digest(manifest));
        assertThat(ask("GET", put.header("Location"), "Accept", MANIFEST).body())
                .isEqualTo(manifest);
        for (String reference : List.of("v1", digest(manifest))) {
            for (String method : List.of("GET", "HEAD")) {
                var answer = ask(method, manifests(reference), "Accept", MANIFEST);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Content-Type")).isEqualTo(MANIFEST);
                assertThat(answer.header("Docker-Content-Digest")).isEqualTo(digest(manifest));
                assertThat(answer.header("Content-Length")).isEqualTo(Integer.toString(manifest.length));
                assertThat(answer.body()).isEqualTo(method.equals("GET") ? manifest : new byte[0]);
            }
        }
    }

    @Test
    void aManifestIsPushedByDigest() {
        byte[] manifest = manifest(bytes("by digest"));
        assertThat(tag(digest(manifest), manifest).status()).isEqualTo(201);
        assertThat(ask("GET", manifests(digest(manifest)), "Accept", MANIFEST).body())
                .isEqualTo(manifest);
        var refused = tag(digest(bytes("something else")), manifest);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).isEqualTo("DIGEST_INVALID");
    }

    @Test
    void aTagMoves() {
        byte[] old = manifest(bytes("old"));
        byte[] young = manifest(bytes("young"));
        tag("latest", old);
        tag("latest", young);
        assertThat(ask("GET", manifests("latest"), "Accept", MANIFEST).body()).isEqualTo(young);
        assertThat(ask("GET", manifests(digest(old)), "Accept", MANIFEST).body())
                .isEqualTo(old);
    }

    @Test
    void dockersManifestsAreTakenToo() {
        byte[] manifest = manifest(bytes("docker"), DOCKER_MANIFEST, "");
        assertThat(ask("PUT", manifests("d"), manifest, "Content-Type", DOCKER_MANIFEST)
                        .status())
                .isEqualTo(201);
        assertThat(ask("GET", manifests("d"), "Accept", DOCKER_MANIFEST).header("Content-Type"))
                .isEqualTo(DOCKER_MANIFEST);
    }

    @Test
    void anIndexNamesManifests() {
        for (String type : List.of(INDEX, DOCKER_LIST)) {
            String inner = type.equals(INDEX) ? MANIFEST : DOCKER_MANIFEST;
            byte[] manifest = manifest(bytes("of an index"), inner, "");
            assertThat(ask("PUT", manifests(digest(manifest)), manifest, "Content-Type", inner)
                            .status())
                    .isEqualTo(201);
            byte[] index = bytes("""
                    {"schemaVersion":2,"mediaType":"%s","manifests":[{"mediaType":"%s","digest":"%s","size":%d,\
                    "platform":{"architecture":"amd64","os":"linux"}}]}""".formatted(type, inner, digest(manifest), manifest.length));
            assertThat(ask("PUT", manifests("multi"), index, "Content-Type", type)
                            .status())
                    .isEqualTo(201);
            var answer = ask("GET", manifests("multi"), "Accept", type);
            assertThat(answer.body()).isEqualTo(index);
            assertThat(answer.header("Content-Type")).isEqualTo(type);
        }
    }

    @Test
    void anUnknownManifestIsNotFound() {
        tagged("known");
        var answer = ask("GET", manifests("unknown"), "Accept", MANIFEST);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.error()).isEqualTo("MANIFEST_UNKNOWN");
        assertThat(ask("HEAD", manifests(digest(bytes("no"))), "Accept", MANIFEST)
                        .status())
                .isEqualTo(404);
        assertThat(ask("GET", "/v2/" + repository + "/none/manifests/latest", "Accept", MANIFEST)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aManifestNeedsItsBlobs() {
        String missing = digest(bytes("missing " + repository));
        byte[] config = bytes("{}");
        push(config);
        byte[] manifest = bytes("""
                {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.oci.image.config.v1+json",\
                "digest":"%s","size":2},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"%s",\
                "size":5}]}""".formatted(MANIFEST, digest(config), missing));
        var refused = tag("v1", manifest);
        assertThat(refused.status()).isIn(GONE_OR_BAD);
        assertThat(refused.error()).isIn("MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN");
        assertThat(ask("GET", manifests("v1"), "Accept", MANIFEST).status()).isEqualTo(404);
    }

    @Test
    void aManifestMustBeOne() {
        var refused = tag("v1", bytes("{ this is not json"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).isEqualTo("MANIFEST_INVALID");
    }

    @Test
    void whoHasAManifestIsSpared() {
        byte[] manifest = manifest(bytes("conditional"));
        tag("v1", manifest);
        String etag = ask("GET", manifests("v1"), "Accept", MANIFEST).header("ETag");
        assertThat(ask("GET", manifests("v1"), "Accept", MANIFEST, "If-None-Match", etag)
                        .status())
                .isEqualTo(304);
    }

    @Test
    void tagsAreListed() { // end-8a
        tagged("b", "a", "c");
        var answer = ask("GET", "/v2/" + repository + "/tags/list");
        assertThat(answer.status()).isEqualTo(200);
        // the original lists them as they lie on the disk
        assertThat(answer.text().strip())
                .matches("\\{\"name\":\"" + repository + "\",\"tags\":\\[\"[abc]\",\"[abc]\",\"[abc]\"]}")
                .contains("\"a\"", "\"b\"", "\"c\"");
        var unknown = ask("GET", "/v2/" + repository + "/none/tags/list");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.error()).isEqualTo("NAME_UNKNOWN");
    }

    @Test
    void aManifestIsDeletedByDigest() { // end-9
        byte[] manifest = manifest(bytes("to be deleted"));
        tag("v1", manifest);
        assertThat(ask("DELETE", manifests(digest(manifest))).status()).isEqualTo(202);
        assertThat(ask("GET", manifests(digest(manifest)), "Accept", MANIFEST).status())
                .isEqualTo(404);
        assertThat(ask("GET", manifests("v1"), "Accept", MANIFEST).status()).isEqualTo(404);
        assertThat(ask("DELETE", manifests(digest(manifest))).status()).isEqualTo(404);
    }

    @Test
    void aBlobIsDeleted() { // end-10
        String digest = push(bytes("to be deleted"));
        assertThat(ask("DELETE", blobs(digest)).status()).isEqualTo(202);
        assertThat(ask("GET", blobs(digest)).status()).isEqualTo(404);
        var again = ask("DELETE", blobs(digest));
        assertThat(again.status()).isEqualTo(404);
        assertThat(again.error()).isEqualTo("BLOB_UNKNOWN");
        push(bytes("to be deleted"));
        assertThat(ask("GET", blobs(digest)).status()).isEqualTo(200);
    }

    @Test
    void repositoriesAreListedInPages() { // Docker's own
        for (String name : List.of("p1", "p2", "p3")) {
            String path = "/v2/" + repository + "/" + name + "/blobs/uploads/";
            byte[] blob = bytes("x");
            String location = ask("POST", path).header("Location");
            assertThat(ask(
                                    "PUT",
                                    with(location, "digest=" + digest(blob)),
                                    blob,
                                    "Content-Type",
                                    "application/octet-stream")
                            .status())
                    .isEqualTo(201);
            byte[] manifest = bytes("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST
                    + "\",\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
                    + digest(blob) + "\",\"size\":1},\"layers\":[]}");
            ask("PUT", "/v2/" + repository + "/" + name + "/manifests/t", manifest, "Content-Type", MANIFEST);
        }
        var page = ask("GET", "/v2/_catalog?n=2&last=" + repository + "/p0");
        assertThat(page.text().strip())
                .isEqualTo("{\"repositories\":[\"" + repository + "/p1\",\"" + repository + "/p2\"]}");
        assertThat(page.header("Link")).contains("rel=\"next\"").contains("n=2");
        String next = page.header("Link").replaceAll("^<([^>]*)>.*", "$1");
        assertThat(ask("GET", next).text()).contains(repository + "/p3");
    }

    @Test
    void namesAreChecked() {
        for (String name : List.of("UPPER", "a//b", "a/-b", "..", "a/../b")) {
            var refused = client().ask("POST", URI.create("/").resolve("/v2/") + name + "/blobs/uploads/", new byte[0]);
            assertThat(refused.status()).as(name).isIn(301, 400, 404, 405);
        }
    }

    @Test
    void otherMethodsAreNotAllowed() {
        tagged("v1");
        assertThat(ask("POST", "/v2/" + repository + "/tags/list").status()).isEqualTo(405);
        assertThat(ask("POST", manifests("v1")).status()).isEqualTo(405);
    }

    @Test
    void manyPushTheSameBlobAtOnce() {
        byte[] blob = bytes("popular " + repository);
        var statuses = IntStream.range(0, 16)
                .parallel()
                .mapToObj(i -> ask(
                        "PUT",
                        with(upload(), "digest=" + digest(blob)),
                        blob,
                        "Content-Type",
                        "application/octet-stream"))
                .map(SpecClient.Answer::status)
                .toList();
        assertThat(statuses).containsOnly(201);
        assertThat(ask("GET", blobs(digest(blob))).body()).isEqualTo(blob);
    }
}
