package io.drydock.runc.runtime;

import io.drydock.linux.Fd;

/**
 * A process of a running container that was planned once and is started any number of times. Nothing of it is kept for a
 * later connection: its exit is known only to who has started it. Closed by its owner, who starts it no more.
 */
public interface PreparedExec extends AutoCloseable {
    /**
     * Starts it; returns once the program runs.
     *
     * @param output gets what it writes to stdout and stderr; stays the caller's and may be closed after this
     * @throws RuntimeFailure as {@link Container#exec}
     */
    ContainerProcess start(Fd output) throws RuntimeFailure;

    @Override
    void close();
}
