package io.drydock.containerd.stores.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.drydock.containerd.contract.SnapshotterContract;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.linux.Linux;
import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a file system in a file, where the machine has btrfs and btrfs-progs. */
@RequiresRoot
class BtrfsSnapshotterTest extends SnapshotterContract {
    @TempDir
    private Path directory;

    private Path disk;
    private Database database;
    private BtrfsSnapshotter snapshotter;

    @BeforeEach
    void open() throws IOException {
        var mkfs = Stream.of(System.getenv("PATH").split(":"))
                .map(folder -> Path.of(folder, "mkfs.btrfs"))
                .filter(Files::isExecutable)
                .findFirst();
        assumeThat(mkfs).as("btrfs-progs").isPresent();
        assumeThat(Files.readString(Path.of("/proc/filesystems"))).contains("btrfs");
        var file = directory.resolve("disk.img");
        Command.of("truncate", "-s", "128M", file.toString()).run().ok();
        Command.of(mkfs.get().toString(), "-q", file.toString()).run().ok();
        disk = Files.createDirectory(directory.resolve("disk"));
        Command.of("mount", "-o", "loop", file.toString(), disk.toString())
                .run()
                .ok();
        database = Database.open(directory.resolve("meta.db"));
        snapshotter = new BtrfsSnapshotter(Linux.system(), disk.resolve("snapshots"), database);
    }

    @AfterEach
    void close() {
        if (snapshotter != null) {
            snapshotter.close();
            database.close();
            Command.of("umount", "-l", disk.toString()).run().ok();
        }
    }

    @Override
    protected Snapshotter snapshotter() {
        return snapshotter;
    }

    @Override
    protected Path directory() {
        return directory;
    }

    @Override
    protected void settle(Path root) {
        Command.of("sync", "-f", root.toString()).run().ok();
    }

    @Test
    void theyAreSubvolumesAndGoAtOnce() throws IOException {
        assertThat(BtrfsSnapshotter.isPossible(Linux.system(), disk.resolve("not/yet/there")))
                .isTrue();
        assertThat(BtrfsSnapshotter.isPossible(Linux.system(), Path.of("/proc/none")))
                .isFalse();
        snapshotter.prepare(NS, "", "work", "", Map.of());
        var fs = snapshotter.layerDirectory(NS, "work");
        assertThat(Files.getAttribute(fs, "unix:ino"))
                .as("the root of a subvolume")
                .isEqualTo(256L);
        Files.writeString(fs.resolve("f"), "x");
        snapshotter.remove(NS, "work");
        Await.until("it is gone", () -> {
            try (var left = Files.list(disk.resolve("snapshots/removed"))) {
                return left.findAny().isEmpty();
            }
        });
    }
}
