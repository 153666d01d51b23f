package io.drydock.docker.proxy.forward;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.linux.SocketCalls;

/** Accepts connections at a port and forwards each. */
final class TcpForwarder implements Forwarder {
    private static final int ACCEPTS_PER_EVENT = 32;

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

    private void accept() {
        try {
            for (int i = 0; i < ACCEPTS_PER_EVENT && !closed; i++) {
                TcpConnection.open(loop, loop.linux().sockets().accept(socket, SocketCalls.NONBLOCK), port.container());
            }
        } catch (LinuxException e) {
            switch (e.errno()) {
                case Errno.EAGAIN, Errno.ECONNABORTED -> {
                    // none waits any more
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
