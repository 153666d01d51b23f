package io.drydock.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Mounts, by system call. */
final class NativeMounts implements MountCalls {
    private static final int FD_CLOEXEC_FLAG = 1;
    private static final int OPEN_TREE_CLOEXEC = O.CLOEXEC;
    private static final int FROM_EMPTY = 0x4;
    private static final int TO_EMPTY = 0x40;

    @Override
    public void mount(@Nullable String source, String target, @Nullable String type, long flags, @Nullable String data)
            throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long s = Sys.string(arena, source);
            long t = Sys.string(arena, target);
            Sys.call("mount", target, Nr.MOUNT, s, t, Sys.string(arena, type), flags, Sys.string(arena, data));
        }
    }

    @Override
    public void umount(String target, int flags) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            Sys.call("umount", target, Nr.UMOUNT2, Sys.string(arena, target), flags);
        }
    }

    @Override
    public Fd fsopen(String type) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            return Sys.fd("fsopen", type, Nr.FSOPEN, Sys.string(arena, type), FD_CLOEXEC_FLAG);
        }
    }

    @Override
    public void fsconfigString(Fd fs, String key, String value) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            fsconfig(fs, 1, key, Sys.string(arena, key), Sys.string(arena, value), 0);
        }
    }

    @Override
    public void fsconfigFlag(Fd fs, String key) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            fsconfig(fs, 0, key, Sys.string(arena, key), 0, 0);
        }
    }

    @Override
    public void fsconfigFd(Fd fs, String key, Fd value) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            fsconfig(fs, 5, key, Sys.string(arena, key), 0, value.number());
        }
    }

    @Override
    public void fsconfigCreate(Fd fs) throws LinuxException {
        fsconfig(fs, 6, "create", 0, 0, 0);
    }

    /** Adds what the file system itself says about a failure. */
    private static void fsconfig(Fd fs, int command, String what, long key, long value, long aux)
            throws LinuxException {
        long r = Sys.raw(Nr.FSCONFIG, fs.number(), command, key, value, aux, 0);
        if (r < 0) {
            throw new LinuxException("fsconfig " + what + message(fs), null, (int) -r);
        }
    }

    private static String message(Fd fs) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocate(512);
            long n = Sys.raw(Nr.READ, fs.number(), text.address(), 512, 0, 0, 0);
            if (n <= 2) {
                return "";
            }
            String line = new String(text.asSlice(2, n - 2).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
            return " (" + line.strip() + ")";
        }
    }

    @Override
    public Fd fsmount(Fd fs, long attributes) throws LinuxException {
        return Sys.fd("fsmount", null, Nr.FSMOUNT, fs.number(), FD_CLOEXEC_FLAG, attributes);
    }

    @Override
    public Fd openTree(Fd dir, String path, int flags) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long p = Sys.string(arena, path);
            return Sys.fd("open_tree", path, Nr.OPEN_TREE, dir.number(), p, flags | OPEN_TREE_CLOEXEC);
        }
    }

    @Override
    public void moveMount(Fd mount, Fd toDir, String toPath) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            int flags = FROM_EMPTY | (toPath.isEmpty() ? TO_EMPTY : 0);
            long empty = Sys.string(arena, "");
            long to = Sys.string(arena, toPath);
            Sys.call("move_mount", toPath, Nr.MOVE_MOUNT, mount.number(), empty, toDir.number(), to, flags);
        }
    }

    @Override
    public void setAttributes(Fd dir, String path, int flags, MountAttr attributes) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attr = arena.allocate(32, 8);
            Fd users = attributes.userNamespace();
            attr.set(ValueLayout.JAVA_LONG, 0, attributes.set());
            attr.set(ValueLayout.JAVA_LONG, 8, attributes.clear());
            attr.set(ValueLayout.JAVA_LONG, 16, attributes.propagation());
            attr.set(ValueLayout.JAVA_LONG, 24, users == null ? 0 : users.number());
            long p = Sys.string(arena, path);
            Sys.call("mount_setattr", path, Nr.MOUNT_SETATTR, dir.number(), p, flags, attr.address(), 32);
        }
    }

    @Override
    public void setns(Fd namespace, int kind) throws LinuxException {
        Sys.call("setns", null, Nr.SETNS, namespace.number(), kind);
    }

    @Override
    public void unshare(int flags) throws LinuxException {
        Sys.call("unshare", null, Nr.UNSHARE, flags);
    }
}
