package io.drydock.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/** Internet sockets, by system call. */
final class NativeInet implements InetCalls {
    private static final int EINPROGRESS = 115;
    private static final int NOSIGNAL = 0x4000;
    private static final int SIZE = 28;

    @Override
    public void bind(Fd socket, InetSocketAddress address) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = write(arena, address);
            Sys.call("bind", null, Nr.BIND, socket.number(), a.address(), length(address));
        }
    }

    @Override
    public boolean connect(Fd socket, InetSocketAddress address) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = write(arena, address);
            long r = Sys.raw(Nr.CONNECT, socket.number(), a.address(), length(address), 0, 0, 0);
            if (r < 0 && r != -EINPROGRESS) {
                throw new LinuxException("connect", null, (int) -r);
            }
            return r == 0;
        }
    }

    @Override
    public InetSocketAddress localAddress(Fd socket) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = arena.allocate(SIZE, 8);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SIZE);
            Sys.call("getsockname", null, Nr.GETSOCKNAME, socket.number(), a.address(), length.address());
            return read("getsockname", a);
        }
    }

    @Override
    public InetSocketAddress receiveFrom(Fd socket, ByteBuffer target) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = arena.allocate(SIZE, 8);
            MemorySegment length = arena.allocateFrom(JAVA_INT, SIZE);
            Sys.fill(
                    target,
                    (p, n) -> Sys.call(
                            "recvfrom", null, Nr.RECVFROM, socket.number(), p, n, 0, a.address(), length.address()));
            return read("recvfrom", a);
        }
    }

    @Override
    public void sendTo(Fd socket, ByteBuffer source, InetSocketAddress address) throws LinuxException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment a = write(arena, address);
            Sys.drain(
                    source,
                    (p, n) -> Sys.call(
                            "sendto", null, Nr.SENDTO, socket.number(), p, n, NOSIGNAL, a.address(), length(address)));
        }
    }

    private static int length(InetSocketAddress address) {
        return address.getAddress().getAddress().length == 4 ? 16 : SIZE;
    }

    private static MemorySegment write(Arena arena, InetSocketAddress address) {
        byte[] ip = address.getAddress().getAddress();
        MemorySegment a = arena.allocate(SIZE, 8);
        a.set(JAVA_SHORT, 0, (short) (ip.length == 4 ? SocketCalls.AF_INET : SocketCalls.AF_INET6));
        a.set(JAVA_BYTE, 2, (byte) (address.getPort() >>> 8));
        a.set(JAVA_BYTE, 3, (byte) address.getPort());
        MemorySegment.copy(ip, 0, a, JAVA_BYTE, ip.length == 4 ? 4 : 8, ip.length);
        if (address.getAddress() instanceof Inet6Address v6) {
            a.set(JAVA_INT, 24, v6.getScopeId());
        }
        return a;
    }

    private static InetSocketAddress read(String operation, MemorySegment a) throws LinuxException {
        boolean v4 = a.get(JAVA_SHORT, 0) == SocketCalls.AF_INET;
        byte[] ip = new byte[v4 ? 4 : 16];
        MemorySegment.copy(a, JAVA_BYTE, v4 ? 4 : 8, ip, 0, ip.length);
        int port = (a.get(JAVA_BYTE, 2) & 0xff) << 8 | a.get(JAVA_BYTE, 3) & 0xff;
        try {
            int scope = v4 ? 0 : a.get(JAVA_INT, 24);
            InetAddress address =
                    v4 || scope == 0 ? InetAddress.getByAddress(ip) : Inet6Address.getByAddress(null, ip, scope);
            return new InetSocketAddress(address, port);
        } catch (UnknownHostException e) {
            throw new LinuxException(operation, null, Errno.EINVAL);
        }
    }
}
