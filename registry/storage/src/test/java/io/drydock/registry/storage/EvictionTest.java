package io.drydock.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.spec.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was used longest ago goes first; what is shared stays with who stays. */
class EvictionTest {
    @TempDir
    private Path root;

    private static Digest push(Storage storage, String repository, String blob, int hoursAgo, Path root)
            throws IOException {
        var bytes = blob.getBytes(StandardCharsets.UTF_8);
        var upload = storage.uploads().begin(repository);
        upload.append(0, new ByteArrayInputStream(bytes));
        assertThat(upload.finish(Digest.sha256(bytes))).isTrue();
        var manifest = ("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"c\",\"digest\":\"" + Digest.sha256(bytes)
                        + "\",\"size\":1},\"layers\":[],\"annotations\":{\"in\":\"" + repository + "\"}}")
                .getBytes(StandardCharsets.UTF_8);
        var digest = Digest.sha256(manifest);
        storage.manifests().put(repository, digest, manifest, List.of(), List.of(), List.of("v1"));
        var link = root.resolve("docker/registry/v2/repositories/" + repository + "/_manifests/revisions/sha256/"
                + digest.hex() + "/link");
        Files.setLastModifiedTime(link, FileTime.from(Instant.now().minus(Duration.ofHours(hoursAgo))));
        return digest;
    }

    @Test
    void theOldestGo() throws IOException {
        var storage = Storage.in(root);
        var old = push(storage, "old", "o".repeat(1000), 3, root);
        var shared = push(storage, "shared", "n".repeat(1000), 2, root);
        var fresh = push(storage, "fresh", "n".repeat(1000), 1, root);
        assertThat(storage.eviction().shrinkTo(10_000)).isZero();

        assertThat(storage.eviction().shrinkTo(2000)).isEqualTo(1);
        storage.garbage().collect(new Garbage.Policy(Duration.ZERO, false, false), line -> {});
        assertThat(storage.manifests().get("old", old)).isEmpty();
        assertThat(storage.blobs().size(Digest.sha256("o".repeat(1000).getBytes(StandardCharsets.UTF_8))))
                .isZero();
        assertThat(storage.manifests().get("shared", shared)).isPresent();
        assertThat(storage.manifests().get("fresh", fresh)).isPresent();
        assertThat(storage.manifests().repositories()).containsExactly("fresh", "shared");
        assertThat(storage.eviction().shrinkTo(2000)).isZero();
    }
}
