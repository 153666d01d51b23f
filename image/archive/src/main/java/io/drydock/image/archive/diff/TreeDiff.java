package io.drydock.image.archive.diff;

import io.drydock.image.archive.tar.TarWriter;
import io.drydock.linux.At;
import io.drydock.linux.DirEntry;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import io.drydock.linux.XattrCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What must be changed in one directory tree to get another, as a layer. For trees that are no overlay on each other. */
public final class TreeDiff {
    private static final int BUFFER = 64 * 1024;
    private static final int DEEPEST = 1000;
    private static final String CAPABILITY = "security.capability";

    private final Linux linux;
    private final long latest;
    private final FileCalls files;
    private final XattrCalls xattrs;

    public TreeDiff(Linux linux) {
        this(linux, Long.MAX_VALUE);
    }

    /** @param latest second since 1970; what was modified later is written as if then, so that a build can be repeated */
    public TreeDiff(Linux linux, long latest) {
        this.latest = latest;
        this.linux = linux;
        this.files = linux.files();
        this.xattrs = linux.xattrs();
    }

    /**
     * Writes the layer with its end mark; the stream stays open. A file counts as unchanged when all that is known of it is
     * the same and its time of change has nanoseconds; without them its bytes are compared.
     */
    public void write(Path lower, Path upper, OutputStream out) throws IOException {
        var tar = new TarWriter(out);
        try (Fd before = files.open(lower.toString(), O.RDONLY | O.DIRECTORY);
                Fd after = files.open(upper.toString(), O.RDONLY | O.DIRECTORY)) {
            new Walk(new DiffEntries(linux, tar, latest)).directory(before, after, "", 0);
        }
        tar.finish();
    }

    /** A directory that has not been written since nothing of it has changed so far. */
    private record Pending(Fd parent, String name, String path, Stat stat) {}

    private final class Walk {
        private final DiffEntries entries;
        private final List<Pending> pending = new ArrayList<>();
        private final ByteBuffer left = ByteBuffer.allocateDirect(BUFFER);
        private final ByteBuffer right = ByteBuffer.allocateDirect(BUFFER);

        Walk(DiffEntries entries) {
            this.entries = entries;
        }

        private void directory(@Nullable Fd before, Fd after, String path, int depth) throws IOException {
            if (depth > DEEPEST) {
                throw new IOException("directory \"" + path.substring(0, 80) + "...\" is nested too deeply");
            }
            var old = before == null ? Map.<String, Stat>of() : list(before);
            var now = list(after);
            for (String gone : old.keySet()) {
                if (!now.containsKey(gone)) {
                    writeParents();
                    entries.whiteout(join(path, gone));
                }
            }
            for (var entry : now.entrySet()) {
                child(
                        before,
                        after,
                        entry.getKey(),
                        join(path, entry.getKey()),
                        old.get(entry.getKey()),
                        entry.getValue(),
                        depth);
            }
        }

        private void child(
                @Nullable Fd before, Fd after, String name, String path, @Nullable Stat old, Stat now, int depth)
                throws IOException {
            boolean same = old != null && before != null && isSame(before, after, name, old, now);
            if (!now.isDirectory()) {
                if (!same) {
                    writeParents();
                    entries.put(after, name, path, now);
                }
                return;
            }
            pending.add(new Pending(after, name, path, now));
            if (!same) {
                writeParents();
            }
            boolean both = old != null && old.isDirectory();
            try (Fd below = both ? open(Objects.requireNonNull(before), name) : null;
                    Fd above = open(after, name)) {
                directory(below, above, path, depth + 1);
            }
            pending.removeIf(directory -> directory.path().equals(path));
        }

        private void writeParents() throws IOException {
            for (Pending directory : pending) {
                entries.put(directory.parent, directory.name, directory.path, directory.stat);
            }
            pending.clear();
        }

        private Fd open(Fd directory, String name) throws IOException {
            return files.openat(directory, name, O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0);
        }

        private boolean isSame(Fd before, Fd after, String name, Stat old, Stat now) throws IOException {
            if (old.mode() != now.mode()
                    || old.uid() != now.uid()
                    || old.gid() != now.gid()
                    || old.specialDevice() != now.specialDevice()) {
                return false;
            }
            if (now.isDirectory()) {
                return true;
            }
            if (now.isSymlink()) {
                return files.readlinkat(before, name).equals(files.readlinkat(after, name));
            }
            if (!now.isRegular()) {
                return true;
            }
            if (old.size() != now.size()
                    || old.modified().seconds() != now.modified().seconds()
                    || !Arrays.equals(capability(before, name), capability(after, name))) {
                return false;
            }
            boolean exact = old.modified().nanos() != 0 && now.modified().nanos() != 0;
            return exact ? old.modified().nanos() == now.modified().nanos() : hasSameBytes(before, after, name);
        }

        private byte @Nullable [] capability(Fd directory, String name) throws IOException {
            return xattrs.lget(directory.procPath() + "/" + name, CAPABILITY);
        }

        private boolean hasSameBytes(Fd before, Fd after, String name) throws IOException {
            int flags = O.RDONLY | O.NOFOLLOW | O.NONBLOCK;
            try (Fd old = files.openat(before, name, flags, 0);
                    Fd now = files.openat(after, name, flags, 0)) {
                while (true) {
                    fill(old, left);
                    fill(now, right);
                    if (!left.equals(right)) {
                        return false;
                    }
                    if (!left.hasRemaining()) {
                        return true;
                    }
                }
            }
        }

        private void fill(Fd fd, ByteBuffer buffer) throws IOException {
            buffer.clear();
            while (buffer.hasRemaining() && files.read(fd, buffer) > 0) {
                // until full or at the end
            }
            buffer.flip();
        }
    }

    private static String join(String path, String name) {
        return path.isEmpty() ? name : path + "/" + name;
    }

    /** By name. Sockets are left out: a layer cannot hold them. */
    private Map<String, Stat> list(Fd directory) throws IOException {
        var found = new TreeMap<String, Stat>();
        for (DirEntry entry : files.readDirectory(directory)) {
            var stat = files.statat(directory, entry.name(), At.SYMLINK_NOFOLLOW);
            if (!stat.is(Mode.SOCKET)) {
                found.put(entry.name(), stat);
            }
        }
        return found;
    }
}
