package io.drydock.containerd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drydock.containerd.server.transfer.FakeRegistry;
import io.drydock.containerd.server.transfer.TestImage;
import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
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
