package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.runc.runtime.keeper.KeeperConnection;
import io.drydock.runc.runtime.keeper.KeeperMessage;
import io.drydock.runc.runtime.keeper.TrackedProcess;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A process of a container that has its keeper. */
final class KeptProcess implements ContainerProcess {
    private final Linux linux;
    private final StateDirectory directory;
    private final KeeperConnection connection;
    private final TrackedProcess tracked;
    private final boolean remembered;

    KeptProcess(Linux linux, StateDirectory directory, KeeperConnection connection, TrackedProcess tracked) {
        this(linux, directory, connection, tracked, true);
    }

    /** {@code remembered}: by the keeper, and on disk, after its end. */
    KeptProcess(
            Linux linux,
            StateDirectory directory,
            KeeperConnection connection,
            TrackedProcess tracked,
            boolean remembered) {
        this.linux = linux;
        this.directory = directory;
        this.connection = connection;
        this.tracked = tracked;
        this.remembered = remembered;
    }

    @Override
    public int number() {
        return tracked.number();
    }

    @Override
    public int pid() {
        return tracked.pid();
    }

    @Override
    public Fd pidfd() {
        Fd pidfd = tracked.pidfd();
        if (pidfd == null) {
            throw new IllegalStateException("process " + tracked.number() + " had ended before");
        }
        return pidfd;
    }

    @Override
    public CompletableFuture<Exit> exit() {
        return tracked.exit();
    }

    @Override
    public void signal(int signal) throws RuntimeFailure {
        Fd pidfd = tracked.pidfd();
        if (pidfd == null || tracked.exit().isDone()) {
            throw new RuntimeFailure(RuntimeFailure.Kind.NOT_FOUND, "process already finished");
        }
        send(linux, pidfd, signal, "process already finished");
    }

    static void send(Linux linux, Fd pidfd, int signal, String gone) throws RuntimeFailure {
        try {
            linux.processes().pidfdSendSignal(pidfd, signal);
        } catch (LinuxException e) {
            throw e.errno() == Errno.ESRCH
                    ? new RuntimeFailure(RuntimeFailure.Kind.NOT_FOUND, gone, e)
                    : new RuntimeFailure(RuntimeFailure.Kind.FAILED, "kill: " + Errno.describe(e.errno()), e);
        }
    }

    @Override
    public Fd terminal() throws RuntimeFailure {
        return borrow(0, "process has no terminal");
    }

    @Override
    public Fd held(int n) throws RuntimeFailure {
        return borrow(n + 1, "nothing is held under number " + n);
    }

    private Fd borrow(int index, String missing) throws RuntimeFailure {
        try {
            @Nullable Fd fd = connection.borrow(tracked.number(), index);
            if (fd == null) {
                throw new RuntimeFailure(RuntimeFailure.Kind.FAILED_PRECONDITION, missing);
            }
            return fd;
        } catch (RuntimeFailure e) {
            throw e;
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "borrow descriptor: " + e.getMessage(), e);
        }
    }

    @Override
    public void release() throws RuntimeFailure {
        if (tracked.number() == 0) {
            return;
        }
        try {
            if (remembered) {
                connection
                        .ask(KeeperMessage.Request.RELEASE, tracked.number(), 0)
                        .discard();
                directory.removeExit(tracked.number());
            }
            connection.forget(tracked.number());
        } catch (IOException e) {
            throw new RuntimeFailure(RuntimeFailure.Kind.FAILED, "release process: " + e.getMessage(), e);
        }
    }
}
