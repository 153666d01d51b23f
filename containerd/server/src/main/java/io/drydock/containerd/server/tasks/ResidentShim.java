package io.drydock.containerd.server.tasks;

import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import io.drydock.spec.containerd.runtime.task.v2.ShutdownRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one shim that serves every task of this containerd. A thread of its own keeps it alive: it connects to the shim
 * that is there, or starts one, and does so again when the connection ends. The shim takes its containers up by itself.
 */
final class ResidentShim implements Shim, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ResidentShim.class);
    private static final long START_MILLIS = 60_000;
    private static final long POLL_MILLIS = 5;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;
    private static final long DEATH_MILLIS = 1_000;

    private final ShimLauncher launcher;
    private final Path socket;
    private final Path shimLog;
    private final Thread keeper;
    /** The shim's pidfd, if this containerd started it; owned by the keeper's thread. */
    private @Nullable Fd child;

    private volatile CompletableFuture<ShimClient> current = new CompletableFuture<>();
    private volatile boolean closing;

    /** @param shimLog a file the shim's log is appended to */
    ResidentShim(ShimLauncher launcher, Path socket, Path shimLog) {
        this.launcher = launcher;
        this.socket = socket;
        this.shimLog = shimLog;
        this.keeper = Thread.ofVirtual().name("resident-shim").unstarted(this::keep);
    }

    /** Begins to keep the shim alive, in the background. */
    void start() {
        keeper.start();
    }

    @Override
    public ShimClient client() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                ShimClient client = current.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (!client.closed().isDone()) {
                    return client;
                }
                Thread.sleep(POLL_MILLIS); // Its death is known here before the keeper has noticed.
            }
        } catch (TimeoutException e) {
            throw new RpcException(StatusCode.UNAVAILABLE, "the shim did not start, see " + shimLog, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "context canceled", e);
        } catch (ExecutionException e) {
            throw new RpcException(StatusCode.UNAVAILABLE, "containerd is shutting down", e);
        }
    }

    @Override
    public ShimAddress address() {
        return ShimAddress.of(socket);
    }

    @Override
    public boolean comesBack() {
        return true;
    }

    @Override
    public void release(TaskKey task) {
        // The shim stays warm for the next task.
    }

    private void keep() {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (!closing) {
                try {
                    ShimClient client = connectOrStart();
                    pause = FIRST_PAUSE_MILLIS;
                    CompletableFuture<ShimClient> waiting = current;
                    waiting.complete(client);
                    client.closed().join();
                    current = new CompletableFuture<>();
                    if (!closing) {
                        log.warn("the shim died, starting it again");
                    }
                } catch (IOException e) {
                    log.error("start the shim: {}", e.getMessage());
                    Thread.sleep(pause);
                    pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        current.completeExceptionally(new IllegalStateException("closing"));
    }

    private ShimClient connectOrStart() throws IOException, InterruptedException {
        try {
            return connected();
        } catch (IOException e) {
            log.debug("no shim yet: {}", e.getMessage());
        }
        reap();
        Fd started = launcher.serve(socket, shimLog);
        child = started;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (true) {
            try {
                return connected();
            } catch (IOException e) {
                Optional<ExitStatus> exit = launcher.ended(started);
                if (exit.isPresent()) {
                    started.close();
                    child = null;
                    // Status 0: another one serves already, so the next try finds it.
                    throw new IOException("it ended with status " + exit.get().shellCode() + ", see " + shimLog, e);
                }
                if (System.nanoTime() > end) {
                    throw new IOException("it did not listen in time, see " + shimLog, e);
                }
                Thread.sleep(POLL_MILLIS);
            }
        }
    }

    /** A connection that was answered on: one to a shim that is dying is made too, as long as its socket is not closed. */
    private ShimClient connected() throws IOException {
        ShimClient client = ShimClient.connect(address());
        try {
            client.states("");
        } catch (RpcException e) {
            if (client.closed().isDone()) {
                throw new IOException(e.text(), e);
            }
            log.debug("the shim is of another version: {}", e.text());
        }
        return client;
    }

    /** Takes the dead shim off the process table, if it was a child of ours. */
    private void reap() throws IOException, InterruptedException {
        Fd dead = child;
        if (dead == null) {
            return;
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEATH_MILLIS);
        while (launcher.ended(dead).isEmpty()) {
            if (System.nanoTime() > end) {
                throw new IOException("it neither listens nor ends, see " + shimLog);
            }
            Thread.sleep(POLL_MILLIS);
        }
        dead.close();
        child = null;
    }

    /** Lets go of the shim. It ends now if it has no tasks, else it goes on without containerd. */
    @Override
    public void close() {
        closing = true;
        keeper.interrupt();
        ShimClient client = current.isCompletedExceptionally() ? null : current.getNow(null);
        if (client != null) {
            try (client) {
                client.shutdown("", ShutdownRequest.getDefaultInstance());
            } catch (RpcException e) {
                log.debug("shut the shim down: {}", e.getMessage());
            }
        }
    }
}
