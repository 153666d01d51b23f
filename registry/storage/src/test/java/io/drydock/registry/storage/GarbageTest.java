package io.drydock.registry.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.registry.storage.driver.MemoryDriver;
import io.drydock.spec.oci.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Garbage goes, everything else stays: alone, and while images are pushed, tagged and deleted. */
class GarbageTest {
    private static final Garbage.Policy NOW = new Garbage.Policy(Duration.ZERO, false, false);
    private static final Garbage.Policy UNTAGGED = new Garbage.Policy(Duration.ZERO, true, false);

    @TempDir
    private Path root;

    private Storage storage;

    @BeforeEach
    void open() throws IOException {
        storage = Storage.in(root);
    }

    private Digest blob(String repository, String content) throws IOException {
        var bytes = content.getBytes(StandardCharsets.UTF_8);
        var upload = storage.uploads().begin(repository);
        assertThat(upload.append(0, new ByteArrayInputStream(bytes))).isTrue();
        assertThat(upload.finish(Digest.sha256(bytes))).isTrue();
        return Digest.sha256(bytes);
    }

    private static byte[] manifest(Digest blob, String more) {
        return ("{\"schemaVersion\":2,\"config\":{\"mediaType\":\"c\",\"digest\":\"" + blob
                        + "\",\"size\":1},\"layers\":[]" + more + "}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private Digest push(String repository, String tag, byte[] manifest) throws IOException {
        var references = References.of(manifest);
        var digest = Digest.sha256(manifest);
        var missing = storage.manifests()
                .put(
                        repository,
                        digest,
                        manifest,
                        references.blobs(),
                        references.manifests(),
                        tag.isEmpty() ? List.of() : List.of(tag));
        assertThat(missing).isEmpty();
        return digest;
    }

    private List<String> collect(Garbage.Policy policy) throws IOException {
        var lines = new ArrayList<String>();
        storage.garbage().collect(policy, lines::add);
        return lines;
    }

    private boolean onDisk(Digest digest) {
        return Files.exists(root.resolve("docker/registry/v2/blobs/" + digest.algorithm() + "/"
                + digest.hex().substring(0, 2) + "/" + digest.hex() + "/data"));
    }

    @Test
    void whatNoManifestNamesGoes() throws IOException {
        var used = blob("box", "used");
        var unused = blob("box", "unused");
        var manifest = push("box", "v1", manifest(used, ""));
        assertThat(collect(new Garbage.Policy(Duration.ZERO, false, true))).hasSize(2);
        assertThat(onDisk(unused)).isTrue();

        var report = storage.garbage().collect(NOW, line -> {});
        assertThat(report).isEqualTo(new Garbage.Report(0, 1, 1, "unused".length()));
        assertThat(onDisk(unused)).isFalse();
        assertThat(storage.blobs().has("box", unused)).isFalse();
        assertThat(storage.blobs().has("box", used)).isTrue();
        assertThat(storage.manifests().get("box", manifest)).isPresent();
    }

    @Test
    void aDeletedManifestFreesItsSpaceUnlessOthersNeedIt() throws IOException {
        var shared = blob("one", "shared");
        var own = blob("one", "own");
        assertThat(storage.blobs().mount("two", "one", shared)).isTrue();
        var first = push("one", "v1", manifest(own, ""));
        var second = push("two", "v1", manifest(shared, ""));
        storage.manifests().delete("one", first);
        collect(NOW);
        assertThat(onDisk(own)).isFalse();
        assertThat(onDisk(first)).isFalse();
        assertThat(onDisk(shared)).isTrue();
        assertThat(storage.manifests().get("two", second)).isPresent();
        // nothing is left of the first repository
        assertThat(storage.manifests().repositories()).containsExactly("two");
        assertThat(root.resolve("docker/registry/v2/repositories/one")).doesNotExist();
    }

    @Test
    void withoutATagGoesOnlyIfAsked() throws IOException {
        var blob = blob("box", "x");
        var member = push("box", "", manifest(blob, ""));
        var index = push(
                "box",
                "v1",
                ("{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"m\",\"digest\":\"" + member + "\",\"size\":1}]}")
                        .getBytes(StandardCharsets.UTF_8));
        var about = push(
                "box",
                "",
                manifest(blob, ",\"subject\":{\"mediaType\":\"m\",\"digest\":\"" + index + "\",\"size\":1}"));
        var loose = push("box", "", manifest(blob, ",\"annotations\":{\"a\":\"b\"}"));
        collect(NOW);
        assertThat(storage.manifests().get("box", loose)).isPresent();
        assertThat(storage.garbage().collect(UNTAGGED, line -> {}).manifests()).isEqualTo(1);
        assertThat(storage.manifests().get("box", loose)).isEmpty();
        for (var kept : List.of(member, index, about)) {
            assertThat(storage.manifests().get("box", kept)).as("%s", kept).isPresent();
        }
        // without its tag the index goes, and with it what hung on it
        storage.manifests().deleteTag("box", "v1");
        collect(UNTAGGED);
        assertThat(onDisk(blob)).isFalse();
    }

    @Test
    void whatCameLatelyStays() throws IOException {
        var blob = blob("box", "x");
        assertThat(collect(new Garbage.Policy(Duration.ofHours(1), false, false)))
                .isEmpty();
        assertThat(storage.blobs().has("box", blob)).isTrue();
    }

    @Test
    void aManifestThatCannotBeReadKeepsItsRepository() throws IOException {
        var unused = blob("box", "unused");
        var manifest = push("box", "v1", manifest(blob("box", "used"), ""));
        Files.writeString(
                root.resolve("docker/registry/v2/blobs/sha256/" + manifest.hex().substring(0, 2) + "/" + manifest.hex()
                        + "/data"),
                "{");
        assertThat(collect(UNTAGGED)).singleElement().asString().contains("cannot be read");
        assertThat(onDisk(unused)).isTrue();
    }

    @Test
    void abandonedUploadsGo() throws IOException {
        storage.uploads().begin("box");
        assertThat(storage.uploads().purge(Instant.now().minusSeconds(60), false, line -> {}))
                .isZero();
        assertThat(storage.uploads().purge(Instant.now().plusSeconds(60), true, line -> {}))
                .isOne();
        assertThat(storage.uploads().purge(Instant.now().plusSeconds(60), false, line -> {}))
                .isOne();
        try (var left = Files.list(root.resolve("docker/registry/v2/repositories/box/_uploads"))) {
            assertThat(left).isEmpty();
        }
    }

    /** Pushers share a few blobs and tags and fight over them; whatever a tag names must be whole at any time. */
    @ParameterizedTest
    @ValueSource(strings = {"filesystem", "inmemory"})
    @Timeout(120)
    void nothingLiveIsEverCollected(String driver) throws Exception {
        if (driver.equals("inmemory")) {
            storage = new Storage(new MemoryDriver());
        }
        var stop = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var pushers = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 6; i++) {
                int seed = i;
                pushers.add(threads.submit(() -> pushAndDelete(new Random(seed), 250)));
            }
            var collector = threads.submit(() -> {
                int runs = 0;
                while (!stop.get()) {
                    collect(runs++ % 2 == 0 ? NOW : UNTAGGED);
                }
                return runs;
            });
            int pushed = 0;
            try {
                for (var pusher : pushers) {
                    pushed += pusher.get();
                }
            } finally {
                stop.set(true);
            }
            assertThat(collector.get()).isPositive();
            assertThat(pushed).isPositive();
        }
        for (var repository : storage.manifests().repositories()) {
            for (var tag : storage.manifests().tags(repository).orElseThrow()) {
                checkWhole(
                        repository, storage.manifests().tagged(repository, tag).orElseThrow());
            }
        }
    }

    private int pushAndDelete(Random random, int rounds) throws IOException, ExecutionException {
        int pushed = 0;
        for (int round = 0; round < rounds; round++) {
            var repository = "r" + random.nextInt(3);
            var content = "blob" + random.nextInt(4);
            var digest = Digest.sha256(content.getBytes(StandardCharsets.UTF_8));
            var tag = "t" + random.nextInt(3);
            switch (random.nextInt(4)) {
                case 0 -> storage.manifests().deleteTag(repository, tag);
                case 1 -> storage.manifests().delete(repository, Digest.sha256(manifest(digest, "")));
                default -> {
                    if (!storage.blobs().has(repository, digest)) {
                        blob(repository, content);
                    }
                    var bytes = manifest(digest, "");
                    var missing = storage.manifests()
                            .put(repository, Digest.sha256(bytes), bytes, List.of(digest), List.of(), List.of(tag));
                    // refused because the blob went meanwhile is allowed without a grace period; half an image is not
                    if (missing.isEmpty()) {
                        pushed++;
                    }
                }
            }
        }
        return pushed;
    }

    private void checkWhole(String repository, Digest manifest) throws IOException {
        var bytes = storage.manifests().get(repository, manifest);
        assertThat(bytes).as("manifest %s of %s", manifest, repository).isPresent();
        for (var blob : References.of(bytes.orElseThrow()).blobs()) {
            assertThat(storage.blobs().has(repository, blob))
                    .as("blob %s of %s", blob, repository)
                    .isTrue();
        }
    }
}
