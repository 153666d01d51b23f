package io.drydock.containerd.stores.snapshot;

import io.drydock.containerd.stores.metadata.Database;
import io.drydock.linux.Errno;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.StatFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Snapshots as subvolumes of btrfs: {@code fs} of an active one begins as a copy of its parent's, which the file system makes
 * at once. A view is its parent's directory itself.
 */
public final class BtrfsSnapshotter extends DirectorySnapshotter {
    private final Linux linux;

    /** @param root the snapshotter's directory, on btrfs, made if need be */
    public BtrfsSnapshotter(Linux linux, Path root, Database database) throws IOException {
        super("btrfs", linux, root, database, false);
        this.linux = linux;
    }

    /** Whether a directory, or the nearest above it that exists, is on btrfs. */
    public static boolean isPossible(Linux linux, Path root) throws IOException {
        var existing = root.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = Objects.requireNonNull(existing.getParent(), "the root exists");
        }
        return linux.files().statfs(existing.toString()).type() == StatFs.BTRFS_MAGIC;
    }

    @Override
    public boolean stacksLater() {
        return false;
    }

    @Override
    void fill(Path directory, List<Path> parents, Kind kind) throws IOException {
        if (!parents.isEmpty() && kind == Kind.VIEW) {
            return;
        }
        int flags = O.RDONLY | O.DIRECTORY;
        try (var into = linux.files().open(directory.toString(), flags)) {
            if (parents.isEmpty()) {
                linux.btrfs().createSubvolume(into, "fs");
                linux.files().fchmodat(into, "fs", 0755);
            } else {
                try (var parent = linux.files().open(parents.getFirst().toString(), flags)) {
                    linux.btrfs().snapshot(parent, into, "fs");
                }
            }
        }
    }

    @Override
    List<Mount> mounts(Path directory, List<Path> parents, Kind kind) {
        boolean copied = parents.isEmpty() || kind == Kind.ACTIVE;
        return List.of(bind(copied ? directory.resolve("fs") : parents.getFirst(), kind));
    }

    @Override
    void delete(Path directory) throws IOException {
        try (var from = linux.files().open(directory.toString(), O.RDONLY | O.DIRECTORY)) {
            linux.btrfs().destroySubvolume(from, "fs");
        } catch (LinuxException e) {
            // a view has none, and one with others in it is emptied file by file
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTEMPTY) {
                throw e;
            }
        }
        super.delete(directory);
    }
}
