package io.drydock.runc.runtime.keeper;

import io.drydock.linux.Fd;
import io.drydock.runc.runtime.Exit;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one connection knows of one process. Messages come from the poller's thread, everything else from any. */
public final class TrackedProcess {
    private final int number;
    private final BlockingQueue<KeeperMessage> progress = new LinkedBlockingQueue<>();
    private final CompletableFuture<Exit> exit = new CompletableFuture<>();
    private volatile int pid;
    private volatile @Nullable Fd pidfd;
    private volatile boolean followed = true;

    TrackedProcess(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** 0 until it is cloned. */
    public int pid() {
        return pid;
    }

    /** Null until it is cloned, and for one that had ended before it was asked for. */
    public @Nullable Fd pidfd() {
        return pidfd;
    }

    public CompletableFuture<Exit> exit() {
        return exit;
    }

    /** For a process that was there before this connection. */
    public void restore(int processId, @Nullable Fd fd, java.util.Optional<Exit> ended) {
        identify(processId, fd);
        followed = false;
        ended.ifPresent(exit::complete);
    }

    private void identify(int processId, @Nullable Fd fd) {
        if (pidfd != null) {
            if (fd != null) {
                fd.close();
            }
            return;
        }
        pid = processId;
        pidfd = fd;
    }

    /** Takes a message over. */
    void deliver(KeeperMessage message) {
        switch (message) {
            case KeeperMessage.Cloned cloned -> identify(cloned.pid(), cloned.pidfd());
            case KeeperMessage.Exited exited -> exit.complete(exited.exit());
            case KeeperMessage.Gone gone -> exit.completeExceptionally(new IOException("the keeper is gone"));
            default -> {
                if (!followed) {
                    message.discard();
                    return;
                }
            }
        }
        if (followed) {
            progress.add(message);
        }
    }

    /** The next message, null after {@code limit}. */
    public @Nullable KeeperMessage next(Duration limit) throws InterruptedException {
        return progress.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Begins (with what comes from now on) or ends the queue of {@link #next}. */
    public void follow(boolean on) {
        followed = on;
        progress.removeIf(message -> {
            if (!(message instanceof KeeperMessage.Cloned)) {
                message.discard();
            }
            return true;
        });
    }

    void close() {
        Fd fd = pidfd;
        if (fd != null) {
            fd.close();
        }
    }
}
