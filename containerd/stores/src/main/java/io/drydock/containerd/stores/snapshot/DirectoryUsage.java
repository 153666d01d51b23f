package io.drydock.containerd.stores.snapshot;

import io.drydock.containerd.core.Snapshotter.Usage;
import io.drydock.linux.At;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Stat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** What a directory takes on disk, as {@code du} counts: allocated blocks, each file once however many names it has. */
final class DirectoryUsage {
    /** What {@code stat(2)} counts in, whatever the file system's blocks are. */
    private static final long BLOCK = 512;

    private final Linux linux;

    DirectoryUsage(Linux linux) {
        this.linux = linux;
    }

    private record Inode(long device, long number) {}

    private static final class Sum {
        final Set<Inode> seen = new HashSet<>();
        long size;

        void add(Stat stat) {
            if (seen.add(new Inode(stat.device(), stat.inode()))) {
                size += stat.blocks() * BLOCK;
            }
        }
    }

    Usage of(Path directory) throws IOException {
        var sum = new Sum();
        try (Fd fd = linux.files().open(directory.toString(), O.RDONLY | O.DIRECTORY)) {
            sum.add(linux.files().fstat(fd));
            add(sum, fd);
        }
        return new Usage(sum.size, sum.seen.size());
    }

    private void add(Sum sum, Fd directory) throws LinuxException {
        for (var entry : linux.files().readDirectory(directory)) {
            try {
                var stat = linux.files().statat(directory, entry.name(), At.SYMLINK_NOFOLLOW);
                sum.add(stat);
                if (stat.isDirectory()) {
                    try (Fd below =
                            linux.files().openat(directory, entry.name(), O.RDONLY | O.DIRECTORY | O.NOFOLLOW, 0)) {
                        add(sum, below);
                    }
                }
            } catch (LinuxException e) {
                // a running container removed it, or made something else of it
                if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR && e.errno() != Errno.ELOOP) {
                    throw e;
                }
            }
        }
    }
}
