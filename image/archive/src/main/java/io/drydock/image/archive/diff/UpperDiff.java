package io.drydock.image.archive.diff;

import io.drydock.image.archive.tar.TarWriter;
import io.drydock.linux.At;
import io.drydock.linux.DirEntry;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import io.drydock.linux.XattrCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.function.Predicate;

/**
 * An overlay's upper directory as a layer: all that is in it has been added, changed or (character device 0:0, opaque
 * directory) deleted, so nothing needs to be compared.
 */
public final class UpperDiff {
    private static final int DEEPEST = 1000;

    private final Linux linux;
    private final long latest;

    public UpperDiff(Linux linux) {
        this(linux, Long.MAX_VALUE);
    }

    /** @param latest second since 1970; what was modified later is written as if then, so that a build can be repeated */
    public UpperDiff(Linux linux, long latest) {
        this.latest = latest;
        this.linux = linux;
    }

    /**
     * Writes the layer, in the order of names, with its end mark; the stream stays open.
     *
     * @param skipped paths from the root, without a slash at their beginning, that are no part of the layer
     * @return whether there was anything to write
     * @throws IOException also for a directory that overlayfs has renamed or a file whose content it has left below
     */
    public boolean write(Path upper, Predicate<String> skipped, OutputStream out) throws IOException {
        var tar = new TarWriter(out);
        var walk = new Walk(new DiffEntries(linux, tar, latest), skipped);
        try (Fd root = linux.files().open(upper.toString(), O.RDONLY | O.DIRECTORY)) {
            if (isMarked(root, "opaque")) {
                walk.entries.opaque("");
                walk.any = true;
            }
            walk.directory(root, "", 0);
        }
        tar.finish();
        return walk.any;
    }

    private boolean isMarked(Fd directory, String mark) throws IOException {
        XattrCalls xattrs = linux.xattrs();
        return xattrs.fget(directory, "trusted.overlay." + mark) != null
                || xattrs.fget(directory, "user.overlay." + mark) != null;
    }

    private final class Walk {
        private final DiffEntries entries;
        private final Predicate<String> skipped;
        private boolean any;

        Walk(DiffEntries entries, Predicate<String> skipped) {
            this.entries = entries;
            this.skipped = skipped;
        }

        void directory(Fd directory, String path, int depth) throws IOException {
            if (depth > DEEPEST) {
                throw new IOException("directory \"" + path.substring(0, 80) + "...\" is nested too deeply");
            }
            var children = linux.files().readDirectory(directory).stream()
                    .sorted(Comparator.comparing(DirEntry::name))
                    .toList();
            for (DirEntry child : children) {
                String below = path.isEmpty() ? child.name() : path + "/" + child.name();
                if (!skipped.test(below)) {
                    any = true;
                    child(directory, child.name(), below, depth);
                }
            }
        }

        private void child(Fd directory, String name, String path, int depth) throws IOException {
            Stat stat = linux.files().statat(directory, name, At.SYMLINK_NOFOLLOW);
            if (stat.is(Mode.CHAR_DEVICE) && stat.specialDevice() == 0) {
                entries.whiteout(path);
                return;
            }
            if (!stat.isDirectory()) {
                entries.put(directory, name, path, stat);
                return;
            }
            try (Fd fd = linux.files().openat(directory, name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0)) {
                if (isMarked(fd, "redirect")) {
                    throw new IOException("directory \"" + path + "\" was renamed by overlayfs (redirect_dir)");
                }
                entries.put(directory, name, path, stat);
                if (isMarked(fd, "opaque")) {
                    entries.opaque(path);
                }
                directory(fd, path, depth + 1);
            }
        }
    }
}
