package io.drydock.docker.proxy.forward;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;

/** Accepts connections at a port and forwards each. */
final class TcpForwarder implements Forwarder {
    private final EventLoop loop;
    private final ForwardedPort port;
    private final Fd socket;
    private final EventLoop.Watch watch;
    private final Runnable retry = this::resume;
    private boolean closed;

    TcpForwarder(EventLoop loop, ForwardedPort port, Fd socket) throws LinuxException {
        this.loop = loop;
        this.port = port;
        this.socket = socket;
        this.watch = loop.watch(socket, events -> accept());
        watch.interest(EventLoop.READ);
    }

    /** One at a time: a refusal, which says that none waits any more, costs more than to be called again. */
    private void accept() {
        try {
            var next = loop.next();
            var accepted = loop.linux().sockets().accept(socket, SocketCalls.NONBLOCK);
            if (next == loop) {
                TcpConnection.open(loop, accepted, port.container());
            } else {
                next.execute(() -> TcpConnection.open(next, accepted, port.container()));
            }
        } catch (LinuxException e) {
            switch (e.errno()) {
                case Errno.EAGAIN, Errno.ECONNABORTED -> {
                    // it went away
                }
                default -> pause(); // out of descriptors or memory: the callers wait in the kernel for a second
            }
        }
    }

    private void pause() {
        try {
            watch.interest(0);
        } catch (LinuxException e) {
            throw new IllegalStateException(e);
        }
        loop.everySecond(retry);
    }

    private void resume() {
        loop.cancel(retry);
        if (!closed) {
            try {
                watch.interest(EventLoop.READ);
            } catch (LinuxException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.close();
    }
}
