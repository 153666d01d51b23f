package io.drydock.containerd.stores.snapshot;

import io.drydock.containerd.stores.metadata.Database;
import io.drydock.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Snapshots as copies: {@code fs} of an active one begins as a copy of its parent's, extents shared where the file system
 * can. For file systems on which overlayfs does not work. A view is its parent's directory itself.
 */
public final class NativeSnapshotter extends DirectorySnapshotter {
    private final TreeCopy copy;

    /** @param root the snapshotter's directory, made if need be; what an earlier process left without a row is removed */
    public NativeSnapshotter(Linux linux, Path root, Database database) throws IOException {
        super("native", linux, root, database, false);
        this.copy = new TreeCopy(linux);
    }

    @Override
    public boolean stacksLater() {
        return false;
    }

    @Override
    void fill(Path directory, List<Path> parents, Kind kind) throws IOException {
        var fs = Files.createDirectory(directory.resolve("fs"));
        Files.setPosixFilePermissions(fs, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (!parents.isEmpty() && kind == Kind.ACTIVE) {
            copy.copy(parents.getFirst(), fs);
        }
    }

    @Override
    List<Mount> mounts(Path directory, List<Path> parents, Kind kind) {
        boolean copied = parents.isEmpty() || kind == Kind.ACTIVE;
        return List.of(bind(copied ? directory.resolve("fs") : parents.getFirst(), kind));
    }
}
