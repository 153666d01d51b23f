package io.drydock.containerd.stores.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.containerd.contract.SnapshotterContract;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.linux.Linux;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresRoot
class OverlaySnapshotterTest extends SnapshotterContract {
    /** Not JUnit's: it cannot delete overlay's work directories, which have no permissions at all. */
    private Path directory;

    private Database database;
    private OverlaySnapshotter snapshotter;

    @BeforeEach
    void open() throws IOException {
        directory = Files.createTempDirectory(Path.of("/tmp"), "ovl");
        database = Database.open(directory.resolve("meta.db"));
        snapshotter = new OverlaySnapshotter(Linux.system(), directory.resolve("overlay"), database);
    }

    @AfterEach
    void close() throws IOException {
        snapshotter.close();
        database.close();
        DirectoryTree.delete(directory);
    }

    @Override
    protected Snapshotter snapshotter() {
        return snapshotter;
    }

    @Override
    protected Path directory() {
        return directory;
    }

    @Test
    void mountsAreWhatTheOriginalAnswers() throws IOException {
        var root = directory.resolve("overlay/snapshots");
        assertThat(snapshotter.prepare(NS, "", "w1", "", Map.of()))
                .containsExactly(new Snapshotter.Mount("bind", root + "/1/fs", java.util.List.of("rw", "rbind")));
        snapshotter.commit(NS, "", "l1", "w1", "", Map.of());
        assertThat(snapshotter.view(NS, "", "v", "l1", Map.of()))
                .containsExactly(new Snapshotter.Mount("bind", root + "/1/fs", java.util.List.of("ro", "rbind")));
        snapshotter.prepare(NS, "", "w2", "l1", Map.of());
        snapshotter.commit(NS, "", "l2", "w2", "", Map.of());
        var mount = snapshotter.prepare(NS, "", "w3", "l2", Map.of()).getFirst();
        assertThat(mount.type()).isEqualTo("overlay");
        assertThat(mount.options())
                .endsWith(
                        "workdir=" + root + "/4/work",
                        "upperdir=" + root + "/4/fs",
                        "lowerdir=" + root + "/3/fs:" + root + "/1/fs");
    }

    @Test
    void directoriesWithoutARowAreRemovedAtTheStart() throws IOException {
        snapshotter.prepare(NS, "", "kept", "", Map.of());
        var orphan = directory.resolve("overlay/snapshots/99/fs");
        Files.createDirectories(orphan);
        snapshotter.close();

        snapshotter = new OverlaySnapshotter(Linux.system(), directory.resolve("overlay"), database);

        assertThat(orphan).doesNotExist();
        assertThat(snapshotter.layerDirectory(NS, "kept")).exists();
        Await.until("it is deleted", () -> !Files.exists(directory.resolve("overlay/removed/99")));
    }
}
