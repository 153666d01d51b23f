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
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps ports of SCTP from other programs. The kernel alone forwards them: docker-proxy does not know the protocol. */
final class SctpPorts implements AutoCloseable {
    private static final int BACKLOG = 1;

    private final Linux linux;
    private final Map<ForwardedPort, List<Fd>> held = new ConcurrentHashMap<>();

    SctpPorts(Linux linux) {
        this.linux = linux;
    }

    /** Takes the ports; fails if one is taken by another program or the kernel has no SCTP. */
    void hold(ForwardedPort range) throws IOException {
        var sockets = new ArrayList<Fd>();
        try {
            for (var port : range.each()) {
                sockets.add(bind(port.host()));
            }
        } catch (IOException e) {
            sockets.forEach(Fd::close);
            throw e;
        }
        held.put(range, sockets);
    }

    private Fd bind(InetSocketAddress host) throws IOException {
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
            return socket;
        } catch (LinuxException e) {
            socket.close();
            throw new IOException(what + Errno.describe(e.errno()), e);
        }
    }

    /** Gives the port back. */
    void release(ForwardedPort port) {
        var sockets = held.remove(port);
        if (sockets != null) {
            sockets.forEach(Fd::close);
        }
    }

    @Override
    public void close() {
        held.keySet().forEach(this::release);
    }
}
