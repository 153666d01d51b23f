package io.drydock.docker.proxy.forward;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.linux.PipeCalls;

/** A pipe through which bytes go from one socket to another without a copy in this process (splice(2)). */
final class Conduit implements AutoCloseable {
    private static final int FLAGS = PipeCalls.MOVE | PipeCalls.NONBLOCK;

    private final PipeCalls pipes;
    private final PipeCalls.Pipe pipe;
    private final int capacity;
    /** How many bytes are in it. */
    private long content;

    Conduit(PipeCalls pipes, PipeCalls.Pipe pipe, int capacity) {
        this.pipes = pipes;
        this.pipe = pipe;
        this.capacity = capacity;
    }

    /** How many bytes it takes. */
    int capacity() {
        return capacity;
    }

    boolean isEmpty() {
        return content == 0;
    }

    /** Takes what a socket has received; how many bytes, 0 at its end, -1 if there is nothing after all. Must be empty. */
    long fill(Fd socket) throws LinuxException {
        try {
            content = pipes.splice(socket, pipe.write(), capacity, FLAGS);
            return content;
        } catch (LinuxException e) {
            if (e.errno() == Errno.EAGAIN) {
                return -1;
            }
            throw e;
        }
    }

    /** Gives a socket as much as it takes; whether that was all. */
    boolean drain(Fd socket) throws LinuxException {
        try {
            while (content > 0) {
                content -= pipes.splice(pipe.read(), socket, content, FLAGS);
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.EAGAIN) {
                throw e;
            }
        }
        return content == 0;
    }

    @Override
    public void close() {
        pipe.close();
    }
}
