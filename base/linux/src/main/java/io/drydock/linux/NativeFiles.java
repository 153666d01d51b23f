package io.drydock.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Files, by system call. */
final class NativeFiles implements FileCalls {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final long GETFLAGS = 0x80086601L;
    private static final long SETFLAGS = 0x40086602L;

    @Override
    public Fd openat(Fd dir, String path, int flags, int mode) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return Sys.fd("open", path, Nr.OPENAT, dir.number(), Sys.string(arena, path), flags | O.CLOEXEC, mode);
        }
    }

    @Override
    public Fd openat2(Fd dir, String path, int flags, int mode, long resolve) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment how = arena.allocate(24, 8);
            how.set(LONG, 0, flags | O.CLOEXEC);
            how.set(LONG, 8, mode);
            how.set(LONG, 16, resolve);
            long name = Sys.string(arena, path);
            for (int tries = 0; ; tries++) {
                long r = Sys.raw(Nr.OPENAT2, dir.number(), name, how.address(), 24, 0, 0);
                if (r >= 0) {
                    return Fd.owning((int) r);
                }
                if (r != -Errno.EAGAIN || tries == 128) {
                    throw new LinuxException("openat2", path, (int) -r);
                }
            }
        }
    }

    @Override
    public int read(Fd fd, ByteBuffer target) throws LinuxException {
        return Sys.fill(target, (p, n) -> Sys.call("read", null, Nr.READ, fd.number(), p, n));
    }

    @Override
    public int pread(Fd fd, ByteBuffer target, long offset) throws LinuxException {
        return Sys.fill(target, (p, n) -> Sys.call("pread", null, Nr.PREAD64, fd.number(), p, n, offset));
    }

    @Override
    public int write(Fd fd, ByteBuffer source) throws LinuxException {
        return Sys.drain(source, (p, n) -> Sys.call("write", null, Nr.WRITE, fd.number(), p, n));
    }

    @Override
    public int pwrite(Fd fd, ByteBuffer source, long offset) throws LinuxException {
        return Sys.drain(source, (p, n) -> Sys.call("pwrite", null, Nr.PWRITE64, fd.number(), p, n, offset));
    }

    @Override
    public long lseek(Fd fd, long offset, int whence) throws LinuxException {
        return Sys.call("lseek", null, Nr.LSEEK, fd.number(), offset, whence);
    }

    @Override
    public void ftruncate(Fd fd, long size) throws LinuxException {
        Sys.call("ftruncate", null, Nr.FTRUNCATE, fd.number(), size);
    }

    @Override
    public void fallocate(Fd fd, int mode, long offset, long length) throws LinuxException {
        Sys.call("fallocate", null, Nr.FALLOCATE, fd.number(), mode, offset, length);
    }

    @Override
    public void fsync(Fd fd) throws LinuxException {
        Sys.call("fsync", null, Nr.FSYNC, fd.number());
    }

    @Override
    public void fdatasync(Fd fd) throws LinuxException {
        Sys.call("fdatasync", null, Nr.FDATASYNC, fd.number());
    }

    @Override
    public void syncfs(Fd fd) throws LinuxException {
        Sys.call("syncfs", null, Nr.SYNCFS, fd.number());
    }

    @Override
    public void addAttributes(Fd fd, int attributes) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(8, 8); // the kernel says long and means int
            Sys.call("ioctl FS_IOC_GETFLAGS", null, Nr.IOCTL, fd.number(), GETFLAGS, word.address());
            word.set(INT, 0, word.get(INT, 0) | attributes);
            Sys.call("ioctl FS_IOC_SETFLAGS", null, Nr.IOCTL, fd.number(), SETFLAGS, word.address());
        }
    }

    @Override
    public long copyFileRange(Fd from, Fd to, long length) throws LinuxException {
        return Sys.call("copy_file_range", null, Nr.COPY_FILE_RANGE, from.number(), 0, to.number(), 0, length);
    }

    @Override
    public long sendfile(Fd to, Fd from, long length) throws LinuxException {
        return Sys.call("sendfile", null, Nr.SENDFILE, to.number(), from.number(), 0, length);
    }

    @Override
    public void mkdirat(Fd dir, String name, int mode) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("mkdir", name, Nr.MKDIRAT, dir.number(), Sys.string(arena, name), mode);
        }
    }

    @Override
    public void mknodat(Fd dir, String name, int mode, long device) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("mknod", name, Nr.MKNODAT, dir.number(), Sys.string(arena, name), mode, device);
        }
    }

    @Override
    public void symlinkat(String target, Fd dir, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("symlink", name, Nr.SYMLINKAT, Sys.string(arena, target), dir.number(), Sys.string(arena, name));
        }
    }

    @Override
    public void linkat(Fd oldDir, String oldName, Fd newDir, String newName, int flags) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long from = Sys.string(arena, oldName);
            long to = Sys.string(arena, newName);
            Sys.call("link", newName, Nr.LINKAT, oldDir.number(), from, newDir.number(), to, flags);
        }
    }

    @Override
    public void unlinkat(Fd dir, String name, int flags) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("unlink", name, Nr.UNLINKAT, dir.number(), Sys.string(arena, name), flags);
        }
    }

    @Override
    public void renameat2(Fd oldDir, String oldName, Fd newDir, String newName, int flags) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long from = Sys.string(arena, oldName);
            long to = Sys.string(arena, newName);
            Sys.call("rename", newName, Nr.RENAMEAT2, oldDir.number(), from, newDir.number(), to, flags);
        }
    }

    @Override
    public String readlinkat(Fd dir, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(4096);
            long n = Sys.call(
                    "readlink", name, Nr.READLINKAT, dir.number(), Sys.string(arena, name), target.address(), 4096);
            return new String(target.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        }
    }

    @Override
    public Stat statat(Fd dir, String name, int flags) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment x = arena.allocate(256, 8);
            int basicAndMountId = 0x17ff;
            long path = Sys.string(arena, name);
            Sys.call("stat", name, Nr.STATX, dir.number(), path, flags, basicAndMountId, x.address());
            return new Stat(
                    Mode.device(x.get(INT, 136), x.get(INT, 140)),
                    x.get(LONG, 32),
                    Short.toUnsignedInt(x.get(ValueLayout.JAVA_SHORT_UNALIGNED, 28)),
                    x.get(INT, 16),
                    x.get(INT, 20),
                    x.get(INT, 24),
                    x.get(LONG, 40),
                    x.get(LONG, 48),
                    Mode.device(x.get(INT, 128), x.get(INT, 132)),
                    time(x, 64),
                    time(x, 112),
                    time(x, 96),
                    x.get(LONG, 144),
                    x.get(LONG, 8));
        }
    }

    private static Stat.Time time(MemorySegment x, long offset) {
        return new Stat.Time(x.get(LONG, offset), x.get(INT, offset + 8));
    }

    @Override
    public StatFs statfs(String path) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(120, 8);
            Sys.call("statfs", path, Nr.STATFS, Sys.string(arena, path), s.address());
            return statfs(s);
        }
    }

    @Override
    public StatFs fstatfs(Fd fd) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment s = arena.allocate(120, 8);
            Sys.call("fstatfs", null, Nr.FSTATFS, fd.number(), s.address());
            return statfs(s);
        }
    }

    private static StatFs statfs(MemorySegment s) {
        return new StatFs(
                s.get(LONG, 0),
                s.get(LONG, 8),
                s.get(LONG, 16),
                s.get(LONG, 24),
                s.get(LONG, 32),
                s.get(LONG, 40),
                s.get(LONG, 48),
                s.get(LONG, 80));
    }

    @Override
    public void fchownat(Fd dir, String name, int uid, int gid, int flags) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("chown", name, Nr.FCHOWNAT, dir.number(), Sys.string(arena, name), uid, gid, flags);
        }
    }

    @Override
    public void fchown(Fd fd, int uid, int gid) throws LinuxException {
        Sys.call("fchown", null, Nr.FCHOWN, fd.number(), uid, gid);
    }

    @Override
    public void fchmod(Fd fd, int mode) throws LinuxException {
        Sys.call("fchmod", null, Nr.FCHMOD, fd.number(), mode);
    }

    @Override
    public void fchmodat(Fd dir, String name, int mode) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("chmod", name, Nr.FCHMODAT, dir.number(), Sys.string(arena, name), mode);
        }
    }

    @Override
    public void utimensat(
            Fd dir, @Nullable String name, Stat.@Nullable Time accessed, Stat.@Nullable Time modified, int flags)
            throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment times = arena.allocate(32, 8);
            putTime(times, 0, accessed);
            putTime(times, 16, modified);
            Sys.call("utimens", name, Nr.UTIMENSAT, dir.number(), Sys.string(arena, name), times.address(), flags);
        }
    }

    private static void putTime(MemorySegment times, long offset, Stat.@Nullable Time time) {
        long omit = 0x3ffffffe;
        times.set(LONG, offset, time == null ? 0 : time.seconds());
        times.set(LONG, offset + 8, time == null ? omit : time.nanos());
    }

    @Override
    public List<DirEntry> readDirectory(Fd dir) throws LinuxException {
        List<DirEntry> entries = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(1 << 15, 8);
            while (true) {
                long n = Sys.call("getdents", null, Nr.GETDENTS64, dir.number(), buffer.address(), buffer.byteSize());
                if (n == 0) {
                    return entries;
                }
                for (long at = 0;
                        at < n;
                        at += Short.toUnsignedInt(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, at + 16))) {
                    String name = buffer.getString(at + 19);
                    if (!name.equals(".") && !name.equals("..")) {
                        int type = Byte.toUnsignedInt(buffer.get(ValueLayout.JAVA_BYTE, at + 18)) << 12;
                        entries.add(new DirEntry(name, buffer.get(LONG, at), type));
                    }
                }
            }
        }
    }

    @Override
    public void flock(Fd fd, int operation) throws LinuxException {
        Sys.call("flock", null, Nr.FLOCK, fd.number(), operation);
    }

    @Override
    public Fd memfdCreate(String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            int cloexecAndSealable = 3;
            return Sys.fd("memfd_create", name, Nr.MEMFD_CREATE, Sys.string(arena, name), cloexecAndSealable);
        }
    }

    @Override
    public void addSeals(Fd memfd, int seals) throws LinuxException {
        Sys.call("fcntl", null, Nr.FCNTL, memfd.number(), 1033, seals);
    }
}
