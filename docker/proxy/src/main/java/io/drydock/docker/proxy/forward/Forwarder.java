package io.drydock.docker.proxy.forward;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** Serves one port of the host. */
public sealed interface Forwarder extends AutoCloseable permits TcpForwarder, UdpForwarder {
    /** As many calls as the kernel lets wait. */
    int BACKLOG = 4096;

    /** Serves the port on a socket that is bound, and for TCP listens. The forwarder closes it. */
    static Forwarder serve(EventLoop loop, ForwardedPort port, Fd socket) throws LinuxException {
        loop.linux().pipes().setNonBlocking(socket, true);
        return port.udp() ? new UdpForwarder(loop, port, socket) : new TcpForwarder(loop, port, socket);
    }

    /** Binds all ports of a range like {@link #bind(SocketCalls, InetCalls, boolean, InetSocketAddress)}, or none. */
    static List<Fd> bind(SocketCalls sockets, InetCalls inet, ForwardedPort range) throws IOException {
        var bound = new ArrayList<Fd>();
        try {
            for (var port : range.each()) {
                bound.add(bind(sockets, inet, port.udp(), port.host()));
            }
            return bound;
        } catch (IOException e) {
            bound.forEach(Fd::close);
            throw e;
        }
    }

    /**
     * Binds the port, and listens at it.
     *
     * @throws IOException with the original's words: {@code listen tcp4 0.0.0.0:80: bind: address already in use}
     */
    static Fd bind(SocketCalls sockets, InetCalls inet, boolean udp, InetSocketAddress address) throws IOException {
        int type = (udp ? SocketCalls.DGRAM : SocketCalls.STREAM) | SocketCalls.NONBLOCK;
        var socket = sockets.socket(InetCalls.family(address.getAddress()), type, 0);
        try {
            if (!(address.getAddress() instanceof Inet4Address)) {
                sockets.setOption(socket, InetCalls.IPPROTO_IPV6, InetCalls.IPV6_V6ONLY, 1);
            }
            if (!udp) {
                sockets.setOption(socket, SocketCalls.SOL_SOCKET, InetCalls.SO_REUSEADDR, 1);
            }
            inet.bind(socket, address);
            if (!udp) {
                sockets.listen(socket, BACKLOG);
            }
            return socket;
        } catch (LinuxException e) {
            socket.close();
            boolean v4 = address.getAddress() instanceof Inet4Address;
            var host = v4 ? address.getAddress().getHostAddress() : "[" + shortened(address) + "]";
            throw new BindException(
                    "listen " + (udp ? "udp" : "tcp") + (v4 ? '4' : '6') + ' ' + host + ':' + address.getPort() + ": "
                            + e.operation() + ": " + Errno.describe(e.errno()),
                    e);
        }
    }

    private static String shortened(InetSocketAddress address) {
        return address.getAddress().isAnyLocalAddress()
                ? "::"
                : address.getAddress().getHostAddress();
    }

    /** A port could not be bound. */
    final class BindException extends IOException {
        private static final long serialVersionUID = 1;

        private final int errno;

        private BindException(String message, LinuxException cause) {
            super(message, cause);
            this.errno = cause.errno();
        }

        /** The kernel's reason. */
        public int errno() {
            return errno;
        }
    }

    /** Stops listening. TCP connections that exist go on; UDP sessions end. */
    @Override
    void close();
}
