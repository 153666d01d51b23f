package io.drydock.docker.proxy.forward;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;

/**
 * Forwards datagrams. Each client gets a socket of its own towards the container, so that answers find back; it is closed when
 * nothing went either way for ninety seconds, as the original does.
 */
final class UdpForwarder implements Forwarder {
    private static final long IDLE_NANOS = 90_000_000_000L;
    private static final int MOST_SESSIONS = 4096;
    private static final int DATAGRAMS_PER_EVENT = 32;

    private final EventLoop loop;
    private final InetCalls inet = InetCalls.system();
    private final ForwardedPort port;
    private final Fd socket;
    private final EventLoop.Watch watch;
    /** By client, the longest idle first. */
    private final LinkedHashMap<InetSocketAddress, Session> sessions = new LinkedHashMap<>(16, 0.75f, true);

    private final Runnable sweep = this::sweep;
    private boolean closed;

    private static final class Session {
        private final Fd fd;
        private final EventLoop.Watch watch;
        private long lastUsed = System.nanoTime();

        private Session(EventLoop loop, Fd fd, EventLoop.Ready ready) {
            this.fd = fd;
            this.watch = loop.watch(fd, ready);
        }
    }

    UdpForwarder(EventLoop loop, ForwardedPort port, Fd socket) throws LinuxException {
        this.loop = loop;
        this.port = port;
        this.socket = socket;
        this.watch = loop.watch(socket, events -> fromClients());
        watch.interest(EventLoop.READ);
    }

    private void fromClients() {
        for (int i = 0; i < DATAGRAMS_PER_EVENT && !closed; i++) {
            var buffer = loop.buffer();
            try {
                var client = inet.receiveFrom(socket, buffer);
                var session = session(client);
                session.lastUsed = System.nanoTime();
                loop.linux().files().write(session.fd, buffer.flip());
            } catch (LinuxException e) {
                if (e.errno() == Errno.EAGAIN) {
                    return;
                }
                // the container does not listen, or there is no descriptor left: this datagram is lost, as datagrams
                // may be
            }
        }
    }

    private Session session(InetSocketAddress client) throws LinuxException {
        var known = sessions.get(client);
        if (known != null) {
            return known;
        }
        if (sessions.size() >= MOST_SESSIONS) {
            sessions.pollFirstEntry().getValue().watch.close();
        }
        var target = port.container();
        var fd = loop.linux()
                .sockets()
                .socket(InetCalls.family(target.getAddress()), SocketCalls.DGRAM | SocketCalls.NONBLOCK, 0);
        try {
            inet.connect(fd, target);
        } catch (LinuxException e) {
            fd.close();
            throw e;
        }
        var session = new Session(loop, fd, events -> fromContainer(client));
        session.watch.interest(EventLoop.READ);
        if (sessions.isEmpty()) {
            loop.everySecond(sweep);
        }
        sessions.put(client, session);
        return session;
    }

    private void fromContainer(InetSocketAddress client) {
        for (int i = 0; i < DATAGRAMS_PER_EVENT && !closed; i++) {
            var session = sessions.get(client);
            if (session == null) {
                return;
            }
            var buffer = loop.buffer();
            try {
                loop.linux().files().read(session.fd, buffer);
                session.lastUsed = System.nanoTime();
                inet.sendTo(socket, buffer.flip(), client);
            } catch (LinuxException e) {
                if (e.errno() == Errno.EAGAIN) {
                    return;
                }
                // the container does not listen yet (its refusal arrives here), or the client is gone
            }
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        sessions.values().removeIf(session -> {
            boolean idle = now - session.lastUsed > IDLE_NANOS;
            if (idle) {
                session.watch.close();
            }
            return idle;
        });
        if (sessions.isEmpty()) {
            loop.cancel(sweep);
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
        sessions.values().forEach(session -> session.watch.close());
        sessions.clear();
        loop.cancel(sweep);
    }
}
