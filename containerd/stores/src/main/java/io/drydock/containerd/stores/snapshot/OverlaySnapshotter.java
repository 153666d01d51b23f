package io.drydock.containerd.stores.snapshot;

import io.drydock.containerd.stores.metadata.Database;
import io.drydock.linux.Linux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Snapshots as directories that overlayfs stacks: {@code fs} is a layer, or the upper directory of an active snapshot, whose
 * {@code work} is overlay's. A layer needs no parent until it is committed.
 */
public final class OverlaySnapshotter extends DirectorySnapshotter {
    private static final Set<PosixFilePermission> ROOT_MODE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Path INDEX = Path.of("/sys/module/overlay/parameters/index");

    private final boolean indexOff = Files.exists(INDEX);
    private final List<String> mountOptions;

    /** @param root the snapshotter's directory, made if need be; what an earlier process left without a row is removed */
    public OverlaySnapshotter(Linux linux, Path root, Database database) throws IOException {
        this(linux, root, database, List.of(), false);
    }

    /**
     * @param mountOptions that every overlay gets
     * @param syncRemove whether a removal waits until the files are gone
     */
    public OverlaySnapshotter(Linux linux, Path root, Database database, List<String> mountOptions, boolean syncRemove)
            throws IOException {
        super("overlayfs", linux, root, database, syncRemove);
        this.mountOptions = List.copyOf(mountOptions);
    }

    @Override
    public boolean stacksLater() {
        return true;
    }

    @Override
    void fill(Path directory, List<Path> parents, Kind kind) throws IOException {
        var fs = Files.createDirectory(directory.resolve("fs"));
        Files.setPosixFilePermissions(fs, ROOT_MODE);
        if (kind == Kind.ACTIVE) {
            Files.createDirectory(directory.resolve("work"));
        }
        if (!parents.isEmpty()) {
            // the root of the mount is the upper directory: it belongs to whom the image says
            var owner = Files.readAttributes(parents.getFirst(), "unix:uid,gid");
            if (!owner.equals(Map.of("uid", 0, "gid", 0))) {
                Files.setAttribute(fs, "unix:uid", owner.get("uid"));
                Files.setAttribute(fs, "unix:gid", owner.get("gid"));
            }
        }
    }

    @Override
    List<Mount> mounts(Path directory, List<Path> parents, Kind kind) {
        var fs = directory.resolve("fs");
        if (parents.isEmpty()) {
            return List.of(bind(fs, kind));
        }
        if (kind == Kind.VIEW && parents.size() == 1) {
            return List.of(bind(parents.getFirst(), kind));
        }
        var options = new ArrayList<String>();
        if (indexOff) {
            options.add("index=off");
        }
        if (kind == Kind.ACTIVE) {
            options.add("workdir=" + directory.resolve("work"));
            options.add("upperdir=" + fs);
        }
        options.addAll(mountOptions);
        options.add("lowerdir="
                + String.join(":", parents.stream().map(Path::toString).toList()));
        return List.of(new Mount("overlay", "overlay", List.copyOf(options)));
    }
}
