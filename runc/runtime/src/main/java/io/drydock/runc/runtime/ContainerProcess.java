package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/** A container's init or an exec. Safe for any thread. */
public interface ContainerProcess {
    /** The keeper's number of the process: 0 for init, any positive number for an exec. Stable over reconnects. */
    int number();

    /** In the runtime's pid namespace. */
    int pid();

    /** Stays valid (and means no other process) until the container is closed; readable for epoll once the process ended. */
    Fd pidfd();

    /**
     * Completed with the exit once the keeper has published it on disk; completed exceptionally with {@link IOException} if the
     * keeper is gone and left no exit status.
     */
    CompletableFuture<Exit> exit();

    /** Sends a signal to this process only. Fails with NOT_FOUND if it has ended. */
    void signal(int signal) throws RuntimeFailure;

    /**
     * The master of the process's pseudo-terminal, a duplicate that the caller owns; resize through it.
     *
     * @throws RuntimeFailure FAILED_PRECONDITION if the process has no terminal
     */
    Fd terminal() throws RuntimeFailure;

    /** A duplicate of the n-th {@link Stdio.Descriptors#held()} descriptor, which the caller owns; for use after a reconnect. */
    Fd held(int n) throws RuntimeFailure;

    /** Forgets a finished exec and what the keeper holds for it. Without effect on init. */
    void release() throws RuntimeFailure;
}
