package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Our registry passes the suite, and what is newer in the specification than Docker's registry 2.8. */
class OurDistributionTest extends DistributionSuite {
    @SuppressWarnings("NullAway.Init") // the suite begins with serve
    private RegistryServer registry;

    @Override
    SpecClient serve(Path data) throws IOException {
        registry = InProcess.serve(data, "");
        return new SpecClient(registry.port());
    }

    @AfterAll
    void stop() {
        registry.close();
    }

    @Test
    void aBlobComesWithOnePost() { // end-4b
        byte[] blob = bytes("with its first request");
        var done = ask(
                "POST",
                "/v2/" + repository + "/blobs/uploads/?digest=" + digest(blob),
                blob,
                "Content-Type",
                "application/octet-stream");
        assertThat(done.status()).isEqualTo(201);
        assertThat(ask("GET", done.header("Location")).body()).isEqualTo(blob);
    }

    @Test
    void chunksOutOfOrderAreRefused() {
        String location = upload();
        var early = ask(
                "PATCH",
                location,
                bytes("second"),
                "Content-Type",
                "application/octet-stream",
                "Content-Range",
                "5-10");
        assertThat(early.status()).isEqualTo(416);
        var first = ask(
                "PATCH", location, bytes("first"), "Content-Type", "application/octet-stream", "Content-Range", "0-4");
        assertThat(first.status()).isEqualTo(202);
        var twice = ask(
                "PATCH",
                first.header("Location"),
                bytes("first"),
                "Content-Type",
                "application/octet-stream",
                "Content-Range",
                "0-4");
        assertThat(twice.status()).isEqualTo(416);
        assertThat(ask("GET", location).header("Range")).isEqualTo("0-4");
    }

    @Test
    void aRangeBehindTheEndCannotBeServed() {
        String digest = push(bytes("0123456789"));
        var answer = ask("GET", blobs(digest), "Range", "bytes=10-");
        assertThat(answer.status()).isEqualTo(416);
        assertThat(answer.header("Content-Range")).isEqualTo("bytes */10");
    }

    @Test
    void aBlobIsMountedWithoutSayingFromWhere() { // end-11, the repository has it already
        String digest = push(bytes("mounted in place"));
        var answer = ask("POST", "/v2/" + repository + "/blobs/uploads/?mount=" + digest);
        assertThat(answer.status()).isEqualTo(201);
    }

    @Test
    void tagsComeInPages() { // end-8b
        tagged("a", "b", "c", "d");
        var page = ask("GET", "/v2/" + repository + "/tags/list?n=2");
        assertThat(page.text()).contains("[\"a\",\"b\"]");
        String next = "/v2/" + repository + "/tags/list?last=b&n=2";
        assertThat(page.header("Link")).isEqualTo("<" + next + ">; rel=\"next\"");
        var last = ask("GET", next);
        assertThat(last.text()).contains("[\"c\",\"d\"]");
        assertThat(last.header("Link")).isEmpty();
        assertThat(ask("GET", "/v2/" + repository + "/tags/list?n=0").text()).contains("\"tags\":[]");
        assertThat(ask("GET", "/v2/" + repository + "/tags/list?last=b").text()).contains("[\"c\",\"d\"]");
        assertThat(ask("GET", "/v2/" + repository + "/tags/list?n=-1").status()).isEqualTo(400);
    }

    @Test
    void aTagIsDeletedAndItsManifestStays() { // end-9
        byte[] manifest = manifest(bytes("tagged twice"));
        tag("one", manifest);
        tag("two", manifest);
        assertThat(ask("DELETE", manifests("one")).status()).isEqualTo(202);
        assertThat(ask("GET", manifests("one"), "Accept", MANIFEST).status()).isEqualTo(404);
        assertThat(ask("GET", manifests("two"), "Accept", MANIFEST).body()).isEqualTo(manifest);
        assertThat(ask("GET", manifests(digest(manifest)), "Accept", MANIFEST).status())
                .isEqualTo(200);
    }

    @Test
    void referrersAreListed() { // end-12a
        byte[] subject = manifest(bytes("subject"));
        tag("v1", subject);
        var none = ask("GET", "/v2/" + repository + "/referrers/" + digest(subject));
        assertThat(none.status()).isEqualTo(200);
        assertThat(none.header("Content-Type")).isEqualTo(INDEX);
        assertThat(none.text()).contains("\"manifests\":[]");

        byte[] signature = about(subject, "application/vnd.example.signature");
        byte[] sbom = about(subject, "application/vnd.example.sbom");
        for (byte[] referrer : List.of(signature, sbom)) {
            var put = tag(digest(referrer), referrer);
            assertThat(put.status()).as(put.text()).isEqualTo(201);
            assertThat(put.header("OCI-Subject")).isEqualTo(digest(subject));
        }
        var all = ask("GET", "/v2/" + repository + "/referrers/" + digest(subject));
        assertThat(all.text()).contains(digest(signature), digest(sbom), "\"note\":\"x\"");
        assertThat(all.header("OCI-Filters-Applied")).isEmpty();
        // end-12b
        var some = ask(
                "GET",
                "/v2/" + repository + "/referrers/" + digest(subject) + "?artifactType=application/vnd.example.sbom");
        assertThat(some.header("OCI-Filters-Applied")).isEqualTo("artifactType");
        assertThat(some.text()).contains(digest(sbom)).doesNotContain(digest(signature));

        ask("DELETE", manifests(digest(sbom)));
        assertThat(ask("GET", "/v2/" + repository + "/referrers/" + digest(subject))
                        .text())
                .doesNotContain(digest(sbom));
        assertThat(ask("GET", "/v2/" + repository + "/referrers/nonsense").status())
                .isEqualTo(400);
    }

    private byte[] about(byte[] subject, String type) {
        return manifest(
                bytes(type),
                MANIFEST,
                ",\"artifactType\":\"" + type + "\",\"annotations\":{\"note\":\"x\"},\"subject\":{\"mediaType\":\""
                        + MANIFEST + "\",\"digest\":\"" + digest(subject) + "\",\"size\":" + subject.length + "}");
    }

    @Test
    void whatIsReferredToMayComeLater() {
        byte[] subject = manifest(bytes("later " + repository));
        byte[] referrer = about(subject, "application/vnd.example.note");
        assertThat(tag(digest(referrer), referrer).status()).isEqualTo(201);
        assertThat(ask("GET", "/v2/" + repository + "/referrers/" + digest(subject))
                        .text())
                .contains(digest(referrer));
    }

    @Test
    void otherAlgorithmsThanSha256() throws NoSuchAlgorithmException {
        byte[] blob = bytes("long digest");
        String digest = "sha512:"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-512").digest(blob));
        var done = ask("PUT", with(upload(), "digest=" + digest), blob, "Content-Type", "application/octet-stream");
        assertThat(done.status()).as(done.text()).isEqualTo(201);
        assertThat(ask("GET", blobs(digest)).body()).isEqualTo(blob);
        assertThat(Digest.parse(digest).algorithm()).isEqualTo("sha512");
    }

    @Test
    void aRepositoryIsDeletedWhole() {
        tagged("one", "two");
        byte[] inner = manifest(bytes("in one below"));
        String below = "/v2/" + repository + "/below";
        for (String blob : List.of(
                digest(bytes("{\"architecture\":\"amd64\",\"os\":\"linux\"}")), digest(bytes("in one below")))) {
            ask("POST", below + "/blobs/uploads/?mount=" + blob + "&from=" + repository);
        }
        assertThat(ask("PUT", below + "/manifests/x", inner, "Content-Type", MANIFEST)
                        .status())
                .isEqualTo(201);
        assertThat(ask("DELETE", "/v2/" + repository + "/").status()).isEqualTo(202);
        assertThat(ask("GET", "/v2/" + repository + "/tags/list").error()).isEqualTo("NAME_UNKNOWN");
        assertThat(ask("GET", manifests("one"), "Accept", MANIFEST).status()).isEqualTo(404);
        assertThat(ask("GET", blobs(digest(bytes("tagged")))).status()).isEqualTo(404);
        assertThat(ask("GET", "/v2/_catalog?n=1&last=" + repository).text()).contains(repository + "/below");
        assertThat(ask("GET", below + "/manifests/x", "Accept", MANIFEST).body())
                .isEqualTo(inner);
        assertThat(ask("DELETE", "/v2/" + repository + "/").error()).isEqualTo("NAME_UNKNOWN");
        assertThat(ask("GET", "/v2/" + repository + "/").status()).isEqualTo(404);
    }

    @Test
    void aRefusedUploadIsOver() {
        String location = upload();
        String nobodys = digest(bytes("not what came"));
        assertThat(ask("PUT", with(location, "digest=" + nobodys), bytes("what came"))
                        .error())
                .isEqualTo("DIGEST_INVALID");
        assertThat(ask("GET", location).status()).isEqualTo(404);
    }

    @Test
    void aManifestIsOfAKnownType() {
        byte[] manifest = manifest(bytes("typed"));
        assertThat(ask("PUT", manifests("v1"), manifest, "Content-Type", "text/plain")
                        .error())
                .isEqualTo("MANIFEST_INVALID");
    }

    @Test
    void aManifestPushedByDigestGetsItsTags() { // end-7b
        byte[] manifest = manifest(bytes("tagged at once"));
        String target = manifests(digest(manifest));
        var answer = ask("PUT", target + "?tag=one&tag=two", manifest, "Content-Type", MANIFEST);
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("OCI-Tag")).isEqualTo("one, two");
        assertThat(ask("GET", "/v2/" + repository + "/tags/list").text()).contains("[\"one\",\"two\"]");
        assertThat(ask("PUT", target + "?tag=-no", manifest, "Content-Type", MANIFEST)
                        .error())
                .isEqualTo("TAG_INVALID");
    }

    @Test
    void aManifestThatIsTooLargeIsRefused() {
        byte[] manifest = bytes("{\"schemaVersion\":2,\"padding\":\"" + "x".repeat(5 << 20) + "\"}");
        assertThat(tag("huge", manifest).status()).isEqualTo(413);
    }

    @Test
    void whatLeadsElsewhereIsNotFollowed() {
        for (String path : List.of(
                "/v2/a/../../etc/manifests/passwd",
                "/v2/a%2f..%2f..%2fetc/manifests/passwd",
                "/v2/..%2F..%2Fetc/blobs/" + digest(bytes("x")),
                "/v2/" + repository + "/blobs/sha256:..%2F..%2Fx",
                "/v2/" + repository + "/manifests/..%2f..%2fx",
                "/v2/" + repository + "/blobs/uploads/..%2f..%2f_layers")) {
            assertThat(client().ask("GET", path, new byte[0]).status()).as(path).isIn(400, 404);
        }
    }
}
