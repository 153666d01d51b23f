package io.drydock.docker.proxy.forward;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.LinuxException;
import io.drydock.linux.PipeCalls;

/** A pipe through which bytes go from one socket to another without a copy in this process (splice(2)). */
final class Conduit implements AutoCloseable {
    /** At most as much is moved at once: sender, this process and receiver work at the same time, and do not take turns. */
    static final int PIECE = 32 << 10;

    private static final int FLAGS = PipeCalls.MOVE | PipeCalls.NONBLOCK;

    private final PipeCalls pipes;
    private final PipeCalls.Pipe pipe;
    /** How many bytes are in it. */
    private long content;

    Conduit(PipeCalls pipes, PipeCalls.Pipe pipe) {
        this.pipes = pipes;
        this.pipe = pipe;
    }

    boolean isEmpty() {
        return content == 0;
    }

    /** Takes what a socket has received; how many bytes, 0 at its end, -1 if there is nothing after all. Must be empty. */
    long fill(Fd socket) throws LinuxException {
        try {
            content = pipes.splice(socket, pipe.write(), PIECE, FLAGS);
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
