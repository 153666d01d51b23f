package io.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Sockets, by system call. */
final class NativeSockets implements SocketCalls {
    private static final int CLOEXEC = O.CLOEXEC;
    private static final int NOSIGNAL = 0x4000;
    private static final int CMSG_CLOEXEC = 0x40000000;
    private static final int TRUNCATED = 0x20 | 0x8;
    private static final int SCM_RIGHTS = 1;
    private static final int SO_PEERCRED = 17;

    @Override
    public Fd socket(int domain, int type, int protocol) throws LinuxException {
        return Sys.fd("socket", null, Nr.SOCKET, domain, type | CLOEXEC, protocol);
    }

    @Override
    public PipeCalls.Pipe socketPair(int type) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment two = arena.allocate(8, 4);
            Sys.call("socketpair", null, Nr.SOCKETPAIR, AF_UNIX, type | CLOEXEC, 0, two.address());
            return new PipeCalls.Pipe(Fd.owning(two.get(JAVA_INT, 0)), Fd.owning(two.get(JAVA_INT, 4)));
        }
    }

    @Override
    public void bindUnix(Fd socket, String path) throws LinuxException {
        unix("bind", Nr.BIND, socket, path);
    }

    @Override
    public void connectUnix(Fd socket, String path) throws LinuxException {
        unix("connect", Nr.CONNECT, socket, path);
    }

    private static void unix(String op, int nr, Fd socket, String path) throws LinuxException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        if (name.length > 107) {
            throw new LinuxException(op, path, Errno.ENAMETOOLONG);
        }
        boolean isAbstract = path.startsWith("@");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(110, 2);
            address.set(JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(name, 0, address, JAVA_BYTE, 2, name.length);
            if (isAbstract) {
                address.set(JAVA_BYTE, 2, (byte) 0);
            }
            Sys.call(op, path, nr, socket.number(), address.address(), 2 + name.length + (isAbstract ? 0 : 1));
        }
    }

    @Override
    public void listen(Fd socket, int backlog) throws LinuxException {
        Sys.call("listen", null, Nr.LISTEN, socket.number(), backlog);
    }

    @Override
    public Fd accept(Fd socket, int flags) throws LinuxException {
        return Sys.fd("accept", null, Nr.ACCEPT4, socket.number(), 0, 0, flags | CLOEXEC);
    }

    @Override
    public void shutdown(Fd socket, int how) throws LinuxException {
        Sys.call("shutdown", null, Nr.SHUTDOWN, socket.number(), how);
    }

    @Override
    public int send(Fd socket, ByteBuffer bytes, List<Fd> descriptors) throws LinuxException {
        return Sys.drain(bytes, (p, n) -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment control = arena.allocate(control(descriptors.size()), 8);
                if (!descriptors.isEmpty()) {
                    control.set(JAVA_LONG, 0, 16 + 4L * descriptors.size());
                    control.set(JAVA_INT, 8, SOL_SOCKET);
                    control.set(JAVA_INT, 12, SCM_RIGHTS);
                    for (int i = 0; i < descriptors.size(); i++) {
                        control.set(JAVA_INT, 16 + 4L * i, descriptors.get(i).number());
                    }
                }
                MemorySegment message = message(arena, p, n, control, descriptors.isEmpty());
                return Sys.call("sendmsg", null, Nr.SENDMSG, socket.number(), message.address(), NOSIGNAL);
            }
        });
    }

    private static long control(int descriptors) {
        return 16 + ((4L * descriptors + 7) & ~7L);
    }

    private static MemorySegment message(Arena arena, long bytes, long length, MemorySegment control, boolean plain) {
        MemorySegment vector = arena.allocate(16, 8);
        vector.set(JAVA_LONG, 0, bytes);
        vector.set(JAVA_LONG, 8, length);
        MemorySegment message = arena.allocate(56, 8);
        message.set(JAVA_LONG, 16, vector.address());
        message.set(JAVA_LONG, 24, 1);
        if (!plain) {
            message.set(JAVA_LONG, 32, control.address());
            message.set(JAVA_LONG, 40, control.byteSize());
        }
        return message;
    }

    @Override
    public Received receive(Fd socket, ByteBuffer target, int maxDescriptors) throws LinuxException {
        List<Fd> descriptors = new ArrayList<>();
        int[] flags = new int[1];
        int n = Sys.fill(target, (p, length) -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment control = arena.allocate(control(maxDescriptors), 8);
                MemorySegment message = message(arena, p, length, control, false);
                long got = Sys.call("recvmsg", null, Nr.RECVMSG, socket.number(), message.address(), CMSG_CLOEXEC);
                collect(control, message.get(JAVA_LONG, 40), descriptors);
                flags[0] = message.get(JAVA_INT, 48);
                return got;
            }
        });
        return new Received(n, descriptors, (flags[0] & TRUNCATED) != 0);
    }

    private static void collect(MemorySegment control, long length, List<Fd> descriptors) {
        for (long at = 0; at + 16 <= length; ) {
            long size = control.get(JAVA_LONG, at);
            if (size < 16) {
                return;
            }
            boolean rights =
                    control.get(JAVA_INT, at + 8) == SOL_SOCKET && control.get(JAVA_INT, at + 12) == SCM_RIGHTS;
            for (long fd = at + 16; rights && fd + 4 <= at + size; fd += 4) {
                descriptors.add(Fd.owning(control.get(JAVA_INT, fd)));
            }
            at += (size + 7) & ~7L;
        }
    }

    @Override
    public Peer peer(Fd socket) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment who = arena.allocate(12, 4);
            option("getsockopt", Nr.GETSOCKOPT, arena, socket, SOL_SOCKET, SO_PEERCRED, who);
            return new Peer(who.get(JAVA_INT, 0), who.get(JAVA_INT, 4), who.get(JAVA_INT, 8));
        }
    }

    @Override
    public void bindNetlink(Fd socket, int pid, int groups) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(12, 4);
            address.set(JAVA_SHORT, 0, (short) AF_NETLINK);
            address.set(JAVA_INT, 4, pid);
            address.set(JAVA_INT, 8, groups);
            Sys.call("bind", null, Nr.BIND, socket.number(), address.address(), 12);
        }
    }

    @Override
    public int netlinkPort(Fd socket) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(12, 4);
            MemorySegment length = arena.allocateFrom(JAVA_INT, 12);
            Sys.call("getsockname", null, Nr.GETSOCKNAME, socket.number(), address.address(), length.address());
            return address.get(JAVA_INT, 4);
        }
    }

    @Override
    public void setOption(Fd socket, int level, int option, int value) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment v = arena.allocateFrom(JAVA_INT, value);
            Sys.call("setsockopt", null, Nr.SETSOCKOPT, socket.number(), level, option, v.address(), 4);
        }
    }

    @Override
    public void setOption(Fd socket, int level, int option, byte[] value) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            long v = Sys.bytes(arena, value);
            Sys.call("setsockopt", null, Nr.SETSOCKOPT, socket.number(), level, option, v, value.length);
        }
    }

    @Override
    public int getOption(Fd socket, int level, int option) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(4, 4);
            option("getsockopt", Nr.GETSOCKOPT, arena, socket, level, option, value);
            return value.get(JAVA_INT, 0);
        }
    }

    @Override
    public void getOption(Fd socket, int level, int option, byte[] value) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment structure = arena.allocateFrom(JAVA_BYTE, value);
            option("getsockopt", Nr.GETSOCKOPT, arena, socket, level, option, structure);
            MemorySegment.copy(structure, JAVA_BYTE, 0, value, 0, value.length);
        }
    }

    private static void option(String op, int nr, Arena arena, Fd socket, int level, int option, MemorySegment value)
            throws LinuxException {
        MemorySegment length = arena.allocateFrom(JAVA_INT, (int) value.byteSize());
        Sys.call(op, null, nr, socket.number(), level, option, value.address(), length.address());
    }
}
