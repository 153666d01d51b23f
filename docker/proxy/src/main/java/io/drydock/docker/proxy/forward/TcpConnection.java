package io.drydock.docker.proxy.forward;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection and the one to the container, tied together. Each direction ends on its own: what one side no longer
 * sends is told to the other side by a half-close. A side is not read while the other has not taken what was read before.
 */
final class TcpConnection {
    private static final int WRITE_SHUT = 1;
    /** Who sends as much at once has more to send. */
    private static final int MUCH = 48 << 10;
    /** Who sends so little at once is served by copying, which costs fewer calls. */
    private static final int LITTLE = 8 << 10;
    /** So much of one connection goes before it is another's turn. */
    private static final int PIECES_AT_ONCE = 16;

    private final EventLoop loop;
    private final Side client;
    private final Side container;
    private boolean connected;
    private boolean closed;

    /** One of the two sockets. */
    private final class Side {
        private final Fd fd;
        private final EventLoop.Watch watch;
        /** What the other side sent and this one has not taken yet. */
        private @Nullable ByteBuffer pending;
        /** Takes what the other side sends to this one, while that is much: the bytes stay in the kernel. */
        private @Nullable Conduit conduit;
        /** Whether it has sent all it will. */
        private boolean ended;

        private Side(Fd fd) {
            this.fd = fd;
            this.watch = loop.watch(fd, events -> on(this, events));
        }

        /** Whether it has taken everything. */
        private boolean isFree() {
            return pending == null && (conduit == null || conduit.isEmpty());
        }
    }

    private TcpConnection(EventLoop loop, Fd client, Fd container) {
        this.loop = loop;
        this.client = new Side(client);
        this.container = new Side(container);
    }

    /** Begins to forward an accepted connection; closes it if the container cannot be reached. */
    static void open(EventLoop loop, Fd accepted, InetSocketAddress target) {
        var sockets = loop.linux().sockets();
        Fd socket;
        try {
            socket =
                    sockets.socket(InetCalls.family(target.getAddress()), SocketCalls.STREAM | SocketCalls.NONBLOCK, 0);
        } catch (LinuxException e) {
            accepted.close();
            return;
        }
        var connection = new TcpConnection(loop, accepted, socket);
        try {
            prepare(sockets, accepted);
            prepare(sockets, socket);
            if (InetCalls.system().connect(socket, target)) {
                connection.connected();
            } else {
                connection.container.watch.interest(EventLoop.WRITE);
            }
        } catch (LinuxException e) {
            connection.close();
        }
    }

    private static void prepare(SocketCalls sockets, Fd socket) throws LinuxException {
        sockets.setOption(socket, InetCalls.IPPROTO_TCP, InetCalls.TCP_NODELAY, 1);
        sockets.setOption(socket, SocketCalls.SOL_SOCKET, InetCalls.SO_KEEPALIVE, 1);
    }

    private void connected() throws LinuxException {
        connected = true;
        client.watch.interest(EventLoop.READ);
        container.watch.interest(EventLoop.READ);
    }

    private void on(Side side, int events) {
        if (closed) {
            return;
        }
        try {
            if (!connected) {
                int error = loop.linux().sockets().getOption(container.fd, SocketCalls.SOL_SOCKET, InetCalls.SO_ERROR);
                if (error != 0) {
                    close();
                } else {
                    connected();
                }
                return;
            }
            if ((events & (EventLoop.WRITE | EventLoop.BROKEN)) != 0 && !side.isFree()) {
                flush(side);
            }
            if ((events & (EventLoop.READ | EventLoop.BROKEN)) != 0 && (side.watch.interest() & EventLoop.READ) != 0) {
                read(side, other(side));
            }
        } catch (LinuxException e) {
            close();
        }
    }

    private Side other(Side side) {
        return side == client ? container : client;
    }

    private void read(Side from, Side to) throws LinuxException {
        if (to.conduit != null) {
            pump(from, to, to.conduit);
            return;
        }
        var buffer = loop.buffer();
        int read = loop.linux().files().read(from.fd, buffer);
        if (read == 0) {
            ended(from, to);
            return;
        }
        buffer.flip();
        write(to, buffer);
        if (buffer.hasRemaining()) {
            to.pending =
                    ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip();
            block(from, to);
        } else if (read >= MUCH) {
            to.conduit = loop.conduits().take();
        }
    }

    private void ended(Side from, Side to) throws LinuxException {
        from.ended = true;
        from.watch.interest(from.watch.interest() & ~EventLoop.READ);
        loop.linux().sockets().shutdown(to.fd, WRITE_SHUT);
        closeIfOver();
    }

    /**
     * Moves on what there is, a piece at a time so that the receiver works on one while the next is on its way. When there is
     * little, another connection may have the conduit.
     */
    private void pump(Side from, Side to, Conduit conduit) throws LinuxException {
        loop.stayAwake();
        for (int i = 0; i < PIECES_AT_ONCE; i++) {
            long moved = conduit.fill(from.fd);
            if (moved == 0) {
                release(to);
                ended(from, to);
                return;
            }
            if (moved > 0 && !conduit.drain(to.fd)) {
                block(from, to);
                return;
            }
            if (moved < LITTLE && i == 0) {
                release(to);
            }
            if (moved < Conduit.PIECE) {
                return;
            }
        }
    }

    private void release(Side to) {
        if (to.conduit != null) {
            loop.conduits().giveBack(to.conduit);
            to.conduit = null;
        }
    }

    /** One side is not read until the other has taken what there is. */
    private static void block(Side from, Side to) throws LinuxException {
        to.watch.interest(to.watch.interest() | EventLoop.WRITE);
        from.watch.interest(from.watch.interest() & ~EventLoop.READ);
    }

    private void flush(Side to) throws LinuxException {
        if (to.pending != null) {
            write(to, to.pending);
            if (!to.pending.hasRemaining()) {
                to.pending = null;
            }
        } else if (to.conduit != null) {
            to.conduit.drain(to.fd);
        }
        if (to.isFree()) {
            to.watch.interest(to.watch.interest() & ~EventLoop.WRITE);
            var from = other(to);
            from.watch.interest(from.watch.interest() | EventLoop.READ);
        }
    }

    private void write(Side to, ByteBuffer bytes) throws LinuxException {
        try {
            loop.linux().files().write(to.fd, bytes);
        } catch (LinuxException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw e;
            }
        }
    }

    private void closeIfOver() {
        if (client.ended && container.ended) {
            close();
        }
    }

    private void close() {
        closed = true;
        release(client);
        release(container);
        client.watch.close();
        container.watch.close();
    }
}
