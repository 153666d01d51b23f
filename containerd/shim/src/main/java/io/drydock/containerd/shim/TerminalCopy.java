package io.drydock.containerd.shim;

import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one direction between a terminal and a FIFO on the poller's thread: no thread and no buffer of its own while
 * nothing moves. What the target does not take at once is kept until it does, and nothing is read meanwhile.
 *
 * <p>Owned by the poller's thread, except {@link #start} and {@link #cancel}.
 */
final class TerminalCopy {
    private static final Logger log = LoggerFactory.getLogger(TerminalCopy.class);

    private final Linux linux;
    private final Poller poller;
    private final ByteBuffer shared;
    private final Fd from;
    private final Fd to;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private ByteBuffer kept = ByteBuffer.allocate(0);

    /**
     * @param shared a direct buffer that all copies of one poller use in turn
     * @param from non-blocking
     * @param to non-blocking
     */
    TerminalCopy(Linux linux, Poller poller, ByteBuffer shared, Fd from, Fd to) {
        this.linux = linux;
        this.poller = poller;
        this.shared = shared;
        this.from = from;
        this.to = to;
    }

    /** Begins; the answer completes when the source has ended or either side broke. Closes neither. */
    CompletableFuture<Void> start() throws LinuxException {
        poller.once(from, EventCalls.IN, this::readable);
        return done;
    }

    private void readable(int events) {
        if (events == 0 || from.isClosed()) {
            done.complete(null);
            return;
        }
        try {
            shared.clear();
            int read = linux.files().read(from, shared);
            if (read == 0) {
                done.complete(null);
                return;
            }
            shared.flip();
            if (write(shared)) {
                poller.once(from, EventCalls.IN, this::readable);
            } else {
                kept = ByteBuffer.allocateDirect(shared.remaining()).put(shared).flip();
                poller.once(to, EventCalls.OUT, this::writable);
            }
        } catch (LinuxException e) {
            if (e.errno() == Errno.EAGAIN) {
                again();
            } else {
                end(e);
            }
        }
    }

    private void again() {
        try {
            poller.once(from, EventCalls.IN, this::readable);
        } catch (LinuxException e) {
            end(e);
        }
    }

    private void writable(int events) {
        if (events == 0 || to.isClosed()) {
            done.complete(null);
            return;
        }
        try {
            if (write(kept)) {
                kept = ByteBuffer.allocate(0);
                poller.once(from, EventCalls.IN, this::readable);
            } else {
                poller.once(to, EventCalls.OUT, this::writable);
            }
        } catch (LinuxException e) {
            end(e);
        }
    }

    /** Writes what the target takes; false if something is left. */
    private boolean write(ByteBuffer bytes) throws LinuxException {
        try {
            while (bytes.hasRemaining()) {
                linux.files().write(to, bytes);
            }
            return true;
        } catch (LinuxException e) {
            if (e.errno() == Errno.EAGAIN) {
                return false;
            }
            throw e;
        }
    }

    /** EIO is how a terminal says that its other side has hung up. */
    private void end(LinuxException failure) {
        if (failure.errno() != Errno.EIO) {
            log.debug("terminal copy ended: {}", failure.getMessage());
        }
        done.complete(null);
    }

    /** Stops before either descriptor is closed. */
    void cancel() {
        poller.cancel(from);
        poller.cancel(to);
    }
}
