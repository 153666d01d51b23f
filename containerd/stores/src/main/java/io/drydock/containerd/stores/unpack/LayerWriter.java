package io.drydock.containerd.stores.unpack;

import io.drydock.containerd.core.Snapshotter.Mount;
import io.drydock.image.archive.apply.AppliedLayer;
import io.drydock.image.archive.apply.ApplyOptions;
import io.drydock.image.archive.apply.ApplyOptions.Whiteouts;
import io.drydock.image.archive.apply.ImpliedDirectories;
import io.drydock.image.archive.apply.LayerApplier;
import io.drydock.image.archive.apply.ParentNeededException;
import io.drydock.linux.Linux;
import io.drydock.linux.O;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes layers into what mounts describe. Safe for threads. */
public final class LayerWriter {
    private final Linux linux;
    private final LayerApplier applier;
    private final ImpliedDirectories implied;
    private final Path temporary;

    /** @param temporary a directory for mount points, made if need be */
    public LayerWriter(Linux linux, Path temporary) {
        this.linux = linux;
        this.applier = new LayerApplier(linux);
        this.implied = new ImpliedDirectories(linux);
        this.temporary = temporary;
    }

    /** Opens a layer's blob from its start; perhaps twice. */
    @FunctionalInterface
    public interface Blob {
        InputStream open() throws IOException;
    }

    /**
     * Writes a layer into an empty directory of its own, in overlayfs's form.
     *
     * @throws ParentNeededException if it cannot be written without the layers below
     */
    AppliedLayer alone(InputStream blob, Path directory) throws IOException {
        return applier.apply(blob, directory, new ApplyOptions(Whiteouts.OVERLAY));
    }

    /** Gives a layer's directory the attributes that it takes from the layers below, the nearest first. */
    void settle(Path directory, AppliedLayer layer, List<Path> below) throws IOException {
        implied.adopt(directory, layer.implied(), below);
    }

    /** Writes a layer into a snapshot's mounts: straight into an overlay's upper directory if that is possible. */
    public AppliedLayer apply(Blob blob, List<Mount> mounts) throws IOException {
        if (mounts.size() == 1 && mounts.getFirst().type().equals("overlay")) {
            var upper = mounts.getFirst().option("upperdir");
            if (!upper.isEmpty() && isEmpty(Path.of(upper))) {
                return overlay(blob, mounts, Path.of(upper));
            }
        }
        if (mounts.size() == 1 && isWritableBind(mounts.getFirst())) {
            try (var in = blob.open()) {
                return applier.apply(in, Path.of(mounts.getFirst().source()), new ApplyOptions(Whiteouts.REMOVE));
            }
        }
        return mounted(blob, mounts);
    }

    private AppliedLayer overlay(Blob blob, List<Mount> mounts, Path upper) throws IOException {
        var below = List.of(mounts.getFirst().option("lowerdir").split(":"));
        try (var in = blob.open()) {
            var layer = alone(in, upper);
            settle(upper, layer, below.stream().map(Path::of).toList());
            return layer;
        } catch (ParentNeededException e) {
            clear(upper);
            return mounted(blob, mounts);
        }
    }

    /** Writes a layer through a mount, so that the layers below are there. */
    AppliedLayer mounted(Blob blob, List<Mount> mounts) throws IOException {
        try (var mount = TemporaryMount.of(linux, mounts, temporary);
                var in = blob.open()) {
            return applier.apply(in, mount.path(), new ApplyOptions(Whiteouts.REMOVE));
        }
    }

    private static boolean isWritableBind(Mount mount) {
        return mount.isBind() && !mount.options().contains("ro");
    }

    /** Has what was written into mounts on disk before it is answered. */
    public void sync(List<Mount> mounts) throws IOException {
        for (var mount : mounts) {
            var upper = mount.option("upperdir");
            var directory = mount.isBind() ? mount.source() : upper;
            if (!directory.isEmpty()) {
                try (var fd = linux.files().open(directory, O.RDONLY | O.DIRECTORY)) {
                    linux.files().syncfs(fd);
                }
            }
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Removes a directory's content. */
    static void clear(Path directory) throws IOException {
        List<Path> all;
        try (var tree = Files.walk(directory)) {
            all = tree.filter(path -> !path.equals(directory)).toList();
        }
        for (var path : all.reversed()) {
            Files.delete(path);
        }
    }
}
