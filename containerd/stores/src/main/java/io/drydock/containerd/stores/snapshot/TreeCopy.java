package io.drydock.containerd.stores.snapshot;

import io.drydock.linux.At;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Mode;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Copies a directory tree with all that belongs to its files: owners, modes, times to the nanosecond, extended attributes,
 * several names of one file, holes, devices. Sockets are left out. Nothing is followed out of the tree.
 */
final class TreeCopy {
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;

    private final Linux linux;
    private final FileCalls files;

    TreeCopy(Linux linux) {
        this.linux = linux;
        this.files = linux.files();
    }

    /** Copies a directory's content and attributes onto another, empty one. */
    void copy(Path from, Path to) throws IOException {
        // a platform thread: the calls block, which would pin a virtual thread's carrier
        try (var worker = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("snapshot-copy").daemon().factory())) {
            worker.submit(() -> {
                        try (Fd source = files.open(from.toString(), O.RDONLY | O.DIRECTORY);
                                Fd target = files.open(to.toString(), O.RDONLY | O.DIRECTORY)) {
                            new Walk(target).directory(source, target, "", files.fstat(source));
                        }
                        return true;
                    })
                    .get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while copying a snapshot");
        }
    }

    private record Inode(long device, long number) {}

    private final class Walk {
        private final Fd root;
        /** Files with several names: where the first one is in the copy. */
        private final Map<Inode, String> names = new HashMap<>();

        Walk(Fd root) {
            this.root = root;
        }

        void directory(Fd source, Fd target, String path, Stat stat) throws IOException {
            for (var entry : files.readDirectory(source)) {
                var below = path.isEmpty() ? entry.name() : path + "/" + entry.name();
                child(source, target, entry.name(), below);
            }
            files.fchown(target, stat.uid(), stat.gid());
            files.fchmod(target, stat.mode() & 07777);
            attributes(source.procPath(), target.procPath());
            files.utimensat(target, null, stat.accessed(), stat.modified(), 0);
        }

        private void child(Fd source, Fd target, String name, String path) throws IOException {
            var stat = files.statat(source, name, At.SYMLINK_NOFOLLOW);
            if (stat.isDirectory()) {
                files.mkdirat(target, name, 0700);
                int flags = O.RDONLY | O.DIRECTORY | O.NOFOLLOW;
                try (Fd from = files.openat(source, name, flags, 0);
                        Fd to = files.openat(target, name, flags, 0)) {
                    directory(from, to, path, stat);
                }
                return;
            }
            var first = stat.links() < 2 ? null : names.putIfAbsent(new Inode(stat.device(), stat.inode()), path);
            if (first != null) {
                files.linkat(root, first, target, name, 0);
            } else if (!stat.is(Mode.SOCKET)) {
                make(source, target, name, stat);
            }
        }

        private void make(Fd source, Fd target, String name, Stat stat) throws IOException {
            if (stat.isRegular()) {
                data(source, target, name, stat);
            } else if (stat.isSymlink()) {
                files.symlinkat(files.readlinkat(source, name), target, name);
            } else {
                files.mknodat(target, name, stat.mode(), stat.specialDevice());
            }
            files.fchownat(target, name, stat.uid(), stat.gid(), At.SYMLINK_NOFOLLOW);
            if (!stat.isSymlink()) {
                files.fchmodat(target, name, stat.mode() & 07777);
            }
            attributes(source.procPath() + "/" + name, target.procPath() + "/" + name);
            files.utimensat(target, name, stat.accessed(), stat.modified(), At.SYMLINK_NOFOLLOW);
        }

        private void data(Fd source, Fd target, String name, Stat stat) throws IOException {
            try (Fd from = files.openat(source, name, O.RDONLY | O.NOFOLLOW, 0);
                    Fd to = files.openat(target, name, O.WRONLY | O.CREAT | O.EXCL, 0600)) {
                files.ftruncate(to, stat.size());
                for (long at = next(from, 0, SEEK_DATA); at >= 0 && at < stat.size(); ) {
                    long end = next(from, at, SEEK_HOLE);
                    extent(from, to, at, end < 0 ? stat.size() : end);
                    at = end < 0 ? end : next(from, end, SEEK_DATA);
                }
            }
        }

        /** Where data or a hole begins, or -1 if there is no more. */
        private long next(Fd file, long offset, int what) throws LinuxException {
            try {
                return files.lseek(file, offset, what);
            } catch (LinuxException e) {
                if (e.errno() == Errno.ENXIO) {
                    return -1;
                }
                throw e;
            }
        }

        private void extent(Fd from, Fd to, long begin, long end) throws LinuxException {
            files.lseek(from, begin, 0);
            files.lseek(to, begin, 0);
            for (long left = end - begin; left > 0; ) {
                long count = files.copyFileRange(from, to, left);
                if (count == 0) {
                    return; // shorter than it was
                }
                left -= count;
            }
        }

        private void attributes(String from, String to) throws LinuxException {
            for (var name : linux.xattrs().llist(from)) {
                byte @Nullable [] value = linux.xattrs().lget(from, name);
                if (value != null) {
                    set(to, name, value);
                }
            }
        }

        private void set(String to, String name, byte[] value) throws LinuxException {
            try {
                linux.xattrs().lset(to, name, value);
            } catch (LinuxException e) {
                if (e.errno() != Errno.EOPNOTSUPP) {
                    throw e;
                }
            }
        }
    }
}
