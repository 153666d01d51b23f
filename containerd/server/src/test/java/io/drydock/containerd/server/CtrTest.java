package io.drydock.containerd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drydock.containerd.server.transfer.FakeRegistry;
import io.drydock.containerd.server.transfer.TestImage;
import io.drydock.image.archive.stream.Compression;
import io.drydock.image.archive.tar.ByteSource;
import io.drydock.image.archive.tar.TarReader;
import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The original's client, which pulls by itself through the content, diff and snapshots services, against our server. */
@RequiresRoot
class CtrTest {
    private final FakeRegistry registry = FakeRegistry.start();
    private final TestServer server = TestServer.start();

    @BeforeEach
    void needsCtr() {
        assumeThat(Files.isExecutable(Path.of("/usr/bin/ctr"))).isTrue();
    }

    @AfterEach
    void close() {
        registry.close();
        server.close();
    }

    private Command.Result ctr(String... words) {
        return Command.of("/usr/bin/ctr", "-a", server.socket().toString())
                .with(words)
                .run();
    }

    private String text(String... words) {
        return ctr(words).ok().text();
    }

    @Test
    void versionAndPlugins() {
        assertThat(text("version")).contains(Server.VERSION);
        assertThat(text("plugins", "ls"))
                .contains("io.containerd.snapshotter.v1")
                .doesNotContain("error");
    }

    @Test
    void namespacesAndLeases() {
        text("namespaces", "create", "one", "color=red");
        assertThat(text("namespaces", "ls")).contains("one").contains("color=red");
        text("namespaces", "label", "one", "color=blue");
        assertThat(text("namespaces", "ls")).contains("color=blue");
        text("leases", "create", "--id", "kept");
        assertThat(text("leases", "ls", "-q")).isEqualTo("kept");
        text("leases", "delete", "--sync", "kept");
        assertThat(text("leases", "ls", "-q")).isEmpty();
        text("namespaces", "remove", "one");
        assertThat(text("namespaces", "ls")).doesNotContain("one");
    }

    @Test
    void contentIsIngestedReadLabelledAndDeleted() {
        var digest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
        Command.of(
                        "/usr/bin/ctr",
                        "-a",
                        server.socket().toString(),
                        "content",
                        "ingest",
                        "--expected-size",
                        "6",
                        "--expected-digest",
                        digest,
                        "ref")
                .withInput("hello\n")
                .run()
                .ok();
        assertThat(text("content", "ls", "-q")).isEqualTo(digest);
        assertThat(text("content", "get", digest)).isEqualTo("hello");
        text("content", "label", digest, "a=b");
        assertThat(text("content", "ls")).contains("a=b");
        text("content", "delete", digest);
        assertThat(text("content", "ls", "-q")).isEmpty();
    }

    @Test
    void aWrongDigestIsRefused() {
        var wrong = "sha256:" + "0".repeat(64);
        var result = Command.of(
                        "/usr/bin/ctr",
                        "-a",
                        server.socket().toString(),
                        "content",
                        "ingest",
                        "--expected-digest",
                        wrong,
                        "ref")
                .withInput("hello\n")
                .run();
        assertThat(result.exitCode()).isNotZero();
        assertThat(result.err()).contains("unexpected commit digest");
        assertThat(text("content", "ls", "-q")).isEmpty();
    }

    @Test
    void imagesArePulledMountedExportedImportedAndRemoved() {
        var image = TestImage.of(3, 10_000);
        registry.add("latest", image);
        var name = registry.name("latest");

        text("images", "pull", "--plain-http", name);

        assertThat(text("images", "ls", "-q")).isEqualTo(name);
        assertThat(text("images", "check")).contains("complete");
        assertThat(text("snapshots", "ls")).contains("Committed");
        var mount = server.directory().resolve("mounted");
        assertThat(mount.toFile().mkdir()).isTrue();
        text("images", "mount", name, mount.toString());
        try {
            assertThat(mount.resolve("data/1")).hasSize(10_000);
            assertThat(mount.resolve("data/0")).doesNotExist();
        } finally {
            text("images", "unmount", "--rm", mount.toString());
        }
        var tar = server.directory().resolve("image.tar").toString();
        text("images", "export", tar, name);
        text("images", "rm", "--sync", name);
        Await.until("snapshots are gone", () -> text("snapshots", "ls").lines().count() == 1);
        assertThat(text("content", "ls", "-q")).isEmpty();
        text("images", "import", tar);
        assertThat(text("images", "ls", "-q")).isEqualTo(name);
    }

    @Test
    void imagesAreUnpackedByTheCopyingSnapshotterToo() throws Exception {
        var image = TestImage.of(3, 1000);
        registry.add("latest", image);
        text("images", "pull", "--plain-http", "--snapshotter", "native", registry.name("latest"));
        var snapshots = text("snapshots", "--snapshotter", "native", "ls");
        assertThat(snapshots.lines().filter(line -> line.contains("Committed"))).hasSize(3);
        assertThat(text("snapshots", "ls").lines()).hasSize(1);
        var mount = Files.createDirectory(server.directory().resolve("mounted"));
        text("images", "mount", "--snapshotter", "native", registry.name("latest"), mount.toString());
        try {
            assertThat(mount.resolve("data/1")).hasSize(1000);
            assertThat(mount.resolve("data/0")).doesNotExist();
        } finally {
            text("images", "unmount", "--rm", "--snapshotter", "native", mount.toString());
        }
        text("images", "rm", "--sync", registry.name("latest"));
        assertThat(text("snapshots", "--snapshotter", "native", "ls").lines()).hasSize(1);
    }

    @Test
    void snapshotsFollowTheirRules() {
        text("snapshots", "prepare", "work");
        text("snapshots", "commit", "layer", "work");
        text("snapshots", "prepare", "top", "layer");
        assertThat(text("snapshots", "mounts", "/m", "top"))
                .contains("upperdir=")
                .contains("lowerdir=");
        assertThat(ctr("snapshots", "rm", "layer").err()).contains("cannot remove snapshot with child");
        assertThat(ctr("snapshots", "prepare", "top", "layer").err()).contains("already exists");
        assertThat(ctr("snapshots", "prepare", "other", "missing").err()).contains("not found");
        assertThat(text("snapshots", "usage", "top")).contains("top");
        text("snapshots", "rm", "top", "layer");
    }

    @Test
    void differencesOfSnapshotsBecomeLayers() throws Exception {
        var image = TestImage.of(2, 1000);
        registry.add("latest", image);
        text("images", "pull", "--plain-http", registry.name("latest"));
        var top = text("snapshots", "ls")
                .lines()
                .filter(line -> line.contains("Committed"))
                .map(line -> line.split("\\s+"))
                .filter(words -> words.length == 3)
                .findFirst()
                .orElseThrow()[0];
        text("snapshots", "prepare", "work", top);
        var mounted = Files.createDirectory(server.directory().resolve("work"));
        mount(text("snapshots", "mounts", mounted.toString(), "work"));
        try {
            Files.writeString(mounted.resolve("new"), "content");
            Files.delete(mounted.resolve("data/1"));
        } finally {
            Command.of("umount", mounted.toString()).run().ok();
        }

        for (var kind : new String[] {"tar+gzip", "tar+zstd", "tar"}) {
            var type = "application/vnd.oci.image.layer.v1." + kind;
            var blob = server.directory().resolve("layer");
            Command.of("sh", "-c", "/usr/bin/ctr -a \"$0\" snapshots diff --keep --media-type \"$1\" work > \"$2\"")
                    .with(server.socket().toString(), type, blob.toString())
                    .run()
                    .ok();
            assertThat(names(blob)).as(kind).containsExactlyInAnyOrder("data/", "data/.wh.1", "new");
        }
        assertThat(text("content", "ls")
                        .lines()
                        .filter(line ->
                                line.contains("gc.root") && line.contains("containerd.io/uncompressed=sha256:")))
                .hasSize(2);
        // both mounted and compared: no relation between the two is known
        text("snapshots", "prepare", "unrelated");
        var blob = server.directory().resolve("layer");
        Command.of("sh", "-c", "/usr/bin/ctr -a \"$0\" snapshots diff unrelated work > \"$1\"")
                .with(server.socket().toString(), blob.toString())
                .run()
                .ok();
        assertThat(names(blob)).containsExactlyInAnyOrder("data/", "new");
        assertThat(ctr("snapshots", "diff", "--media-type", "text/plain", "work")
                        .err())
                .contains("unsupported diff media type: text/plain");
    }

    private static void mount(String commands) {
        Command.of("sh", "-ec", commands).run().ok();
    }

    private static List<String> names(Path layer) throws Exception {
        var names = new ArrayList<String>();
        try (var in = Compression.detect(Files.newInputStream(layer)).decompressed()) {
            var tar = new TarReader(ByteSource.of(in));
            for (var entry = tar.next(); entry != null; entry = tar.next()) {
                names.add(entry.name());
            }
        }
        return names;
    }

    @Test
    void eventsAreSeen() throws Exception {
        var process = Command.of("/usr/bin/ctr", "-a", server.socket().toString(), "events")
                .start();
        try (var reader = process.inputReader()) {
            // a subscription begins some time after the process: make events until one is seen
            var found = new AtomicBoolean();
            var seen = Thread.ofVirtual()
                    .start(() -> found.set(reader.lines().anyMatch(line -> line.contains("/namespaces/create"))));
            for (int i = 0; seen.isAlive() && i < 200; i++) {
                text("namespaces", "create", "n" + i);
                seen.join(java.time.Duration.ofMillis(100));
            }
            assertThat(found).isTrue();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
