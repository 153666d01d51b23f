package io.drydock.docker.engine.network;

import io.drydock.docker.proxy.forward.ForwardedPort;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;
import java.io.IOException;
import java.net.Inet6Address;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps ports of SCTP from other programs. The kernel alone forwards them: docker-proxy does not know the protocol. */
final class SctpPorts implements AutoCloseable {
    private static final int BACKLOG = 1;

    private final Linux linux;
    private final Map<ForwardedPort, Fd> held = new ConcurrentHashMap<>();

    SctpPorts(Linux linux) {
        this.linux = linux;
    }

    /** Takes the port; fails if it is taken by another program or the kernel has no SCTP. */
    void hold(ForwardedPort port) throws IOException {
        var host = port.host();
        var what = "publish sctp port " + host.getPort() + ": ";
        Fd socket;
        try {
            socket = linux.sockets()
                    .socket(InetCalls.family(host.getAddress()), SocketCalls.STREAM, Protocol.SCTP.number());
        } catch (LinuxException e) {
            throw new IOException(
                    what + (e.errno() == Errno.EPROTONOSUPPORT ? "the kernel has no SCTP" : Errno.describe(e.errno())),
                    e);
        }
        try {
            if (host.getAddress() instanceof Inet6Address) {
                linux.sockets().setOption(socket, InetCalls.IPPROTO_IPV6, InetCalls.IPV6_V6ONLY, 1);
            }
            InetCalls.system().bind(socket, host);
            linux.sockets().listen(socket, BACKLOG);
        } catch (LinuxException e) {
            socket.close();
            throw new IOException(what + Errno.describe(e.errno()), e);
        }
        held.put(port, socket);
    }

    /** Gives the port back. */
    void release(ForwardedPort port) {
        var socket = held.remove(port);
        if (socket != null) {
            socket.close();
        }
    }

    @Override
    public void close() {
        held.keySet().forEach(this::release);
    }
}
