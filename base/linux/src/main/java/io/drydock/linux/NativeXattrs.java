package io.drydock.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extended attributes, by system call. */
final class NativeXattrs implements XattrCalls {
    @Override
    public void lset(String path, String name, byte[] value) throws LinuxException {
        setPath(Nr.LSETXATTR, path, name, value);
    }

    @Override
    public void set(String path, String name, byte[] value) throws LinuxException {
        setPath(Nr.SETXATTR, path, name, value);
    }

    private static void setPath(int nr, String path, String name, byte[] value) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long p = Sys.string(arena, path);
            Sys.call(
                    "setxattr " + name, path, nr, p, Sys.string(arena, name), Sys.bytes(arena, value), value.length, 0);
        }
    }

    @Override
    public void fset(Fd fd, String name, byte[] value) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long n = Sys.string(arena, name);
            Sys.call("setxattr " + name, null, Nr.FSETXATTR, fd.number(), n, Sys.bytes(arena, value), value.length, 0);
        }
    }

    @Override
    public byte @Nullable [] lget(String path, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return value(arena, Nr.LGETXATTR, path, Sys.string(arena, path), name);
        }
    }

    @Override
    public byte @Nullable [] get(String path, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return value(arena, Nr.GETXATTR, path, Sys.string(arena, path), name);
        }
    }

    @Override
    public byte @Nullable [] fget(Fd fd, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return value(arena, Nr.FGETXATTR, null, fd.number(), name);
        }
    }

    private static byte @Nullable [] value(Arena arena, int nr, @Nullable String path, long file, String name)
            throws LinuxException {
        long n = Sys.string(arena, name);
        for (int size = 256; ; size = 1 << 16) {
            MemorySegment value = arena.allocate(size);
            long r = Sys.raw(nr, file, n, value.address(), size, 0, 0);
            if (r >= 0) {
                return value.asSlice(0, r).toArray(ValueLayout.JAVA_BYTE);
            }
            if (r == -Errno.ENODATA) {
                return null;
            }
            if (r != -Errno.ERANGE || size > 256) {
                throw new LinuxException("getxattr " + name, path, (int) -r);
            }
        }
    }

    @Override
    public List<String> llist(String path) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return names(arena, Nr.LLISTXATTR, path, Sys.string(arena, path));
        }
    }

    @Override
    public List<String> list(String path) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return names(arena, Nr.LISTXATTR, path, Sys.string(arena, path));
        }
    }

    @Override
    public List<String> flist(Fd fd) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return names(arena, Nr.FLISTXATTR, null, fd.number());
        }
    }

    private static List<String> names(Arena arena, int nr, @Nullable String path, long file) throws LinuxException {
        for (int size = 512; ; size = 1 << 16) {
            MemorySegment list = arena.allocate(size);
            long r = Sys.raw(nr, file, list.address(), size, 0, 0, 0);
            if (r == -Errno.ERANGE && size == 512) {
                continue;
            }
            if (r == -Errno.EOPNOTSUPP) {
                return List.of();
            }
            if (r < 0) {
                throw new LinuxException("listxattr", path, (int) -r);
            }
            List<String> names = new ArrayList<>();
            for (long at = 0; at < r; ) {
                String name = list.getString(at);
                names.add(name);
                at += name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + 1;
            }
            return names;
        }
    }

    @Override
    public void lremove(String path, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("removexattr " + name, path, Nr.LREMOVEXATTR, Sys.string(arena, path), Sys.string(arena, name));
        }
    }

    @Override
    public void fremove(Fd fd, String name) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("removexattr " + name, null, Nr.FREMOVEXATTR, fd.number(), Sys.string(arena, name));
        }
    }
}
