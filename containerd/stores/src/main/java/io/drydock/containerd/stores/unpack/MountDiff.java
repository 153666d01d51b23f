package io.drydock.containerd.stores.unpack;

import io.drydock.containerd.core.Snapshotter.Mount;
import io.drydock.image.archive.diff.TreeDiff;
import io.drydock.image.archive.diff.UpperDiff;
import io.drydock.linux.Linux;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What must be changed in one snapshot to get another, as a layer. Where the one is an overlay with one layer more than the
 * other, that layer is the answer; else both are mounted and compared. Safe for threads.
 */
public final class MountDiff {
    private static final Path OVERLAY = Path.of("/sys/module/overlay/parameters");

    private final Linux linux;
    private final Path temporary;

    /** @param temporary a directory for mount points, made if need be */
    public MountDiff(Linux linux, Path temporary) {
        this.linux = linux;
        this.temporary = temporary;
    }

    /**
     * Writes the layer, uncompressed, with its end mark; the stream stays open.
     *
     * @param latest second since 1970; what was modified later is written as if then
     */
    public void write(List<Mount> lower, List<Mount> upper, long latest, OutputStream out) throws IOException {
        var added = added(lower, upper);
        if (added != null) {
            new UpperDiff(linux, latest).write(added, path -> false, out);
            return;
        }
        try (var before = TemporaryMount.of(linux, readOnly(lower), temporary);
                var after = TemporaryMount.of(linux, readOnly(upper), temporary)) {
            new TreeDiff(linux, latest).write(before.path(), after.path(), out);
        }
    }

    /** The directory of the one layer that the upper stack has on top of the lower one, or null. */
    private static @Nullable Path added(List<Mount> lower, List<Mount> upper) throws IOException {
        if (lower.size() != 1
                || upper.size() != 1
                || !upper.getFirst().type().equals("overlay")
                || leavesPartsBelow(upper.getFirst())) {
            return null;
        }
        var below = layers(lower.getFirst());
        var all = layers(upper.getFirst());
        return all.size() > 1 && all.subList(1, all.size()).equals(below) ? Path.of(all.getFirst()) : null;
    }

    /** Whether overlayfs may have renamed a directory or changed a file's attributes without copying it up. */
    private static boolean leavesPartsBelow(Mount overlay) throws IOException {
        for (var name : List.of("redirect_dir", "metacopy")) {
            var parameter = OVERLAY.resolve(name);
            if (!overlay.option(name).isEmpty()
                    || Files.exists(parameter) && Files.readString(parameter).startsWith("Y")) {
                return true;
            }
        }
        return false;
    }

    /** The directories that a mount stacks, the topmost first. */
    private static List<String> layers(Mount mount) {
        if (mount.isBind()) {
            return List.of(mount.source());
        }
        var layers = new ArrayList<String>();
        if (!mount.option("upperdir").isEmpty()) {
            layers.add(mount.option("upperdir"));
        }
        layers.addAll(List.of(mount.option("lowerdir").split(":")));
        return layers;
    }

    /** The same to look at; an upper directory becomes the topmost lower one, since a container may have it mounted. */
    private static List<Mount> readOnly(List<Mount> mounts) {
        return mounts.stream().map(MountDiff::readOnly).toList();
    }

    private static Mount readOnly(Mount mount) {
        var options = new ArrayList<String>();
        for (var option : mount.options()) {
            if (option.startsWith("lowerdir=")) {
                options.add("lowerdir=" + String.join(":", layers(mount)));
            } else if (!option.startsWith("upperdir=") && !option.startsWith("workdir=") && !option.equals("rw")) {
                options.add(option);
            }
        }
        if (!mount.type().equals("overlay") && !options.contains("ro")) {
            options.add("ro");
        }
        return new Mount(mount.type(), mount.source(), List.copyOf(options));
    }
}
