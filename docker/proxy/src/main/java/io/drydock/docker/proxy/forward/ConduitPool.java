package io.drydock.docker.proxy.forward;

import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.PipeCalls;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Conduits of one event loop that are used again. Not for several threads. */
final class ConduitPool implements AutoCloseable {
    /** Enough pages for a piece that arrived in small packets. */
    private static final int CAPACITY = 128 << 10;

    private static final int KEPT = 8;

    private final Linux linux;
    private final Deque<Conduit> free = new ArrayDeque<>();

    ConduitPool(Linux linux) {
        this.linux = linux;
    }

    /** An empty conduit; null if the kernel gives no more, so that bytes are to be copied. */
    @Nullable
    Conduit take() {
        var known = free.pollFirst();
        if (known != null) {
            return known;
        }
        try {
            var pipe = linux.pipes().pipe(O.NONBLOCK);
            enlarge(pipe);
            return new Conduit(linux.pipes(), pipe);
        } catch (LinuxException e) {
            return null;
        }
    }

    private void enlarge(PipeCalls.Pipe pipe) {
        try {
            linux.pipes().setPipeSize(pipe.write(), CAPACITY);
        } catch (LinuxException e) {
            // the user has too many large ones: the usual size does, too
        }
    }

    /** Takes a conduit back; one with bytes in it is of no use to anybody. */
    void giveBack(Conduit conduit) {
        if (conduit.isEmpty() && free.size() < KEPT) {
            free.addFirst(conduit);
        } else {
            conduit.close();
        }
    }

    @Override
    public void close() {
        free.forEach(Conduit::close);
        free.clear();
    }
}
