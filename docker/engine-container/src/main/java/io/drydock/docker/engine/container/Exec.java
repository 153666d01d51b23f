package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.stdio.ProcessStdio;
import io.drydock.spec.engine.ExecCreateRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** One exec: an extra process of a container. Started once. */
final class Exec {
    final String id;
    final Container container;
    final ExecCreateRequest request;
    final CompletableFuture<Integer> exit = new CompletableFuture<>();
    final CountDownLatch started = new CountDownLatch(1);
    volatile State state = State.CREATED;
    volatile int pid;
    volatile long endedNanos;
    /** As the runtime is told of it, if that was prepared. */
    volatile byte @Nullable [] process;

    volatile @Nullable ProcessStdio stdio;

    /** How far it is. */
    enum State {
        CREATED,
        STARTING,
        RUNNING,
        ENDED
    }

    Exec(String id, Container container, ExecCreateRequest request) {
        this.id = id;
        this.container = container;
        this.request = request;
    }

    /** It has ended, well or not. */
    void ended() {
        endedNanos = System.nanoTime();
        state = State.ENDED;
    }

    /** Takes the right to start it; false if somebody has. */
    synchronized boolean claim() {
        if (state != State.CREATED) {
            return false;
        }
        state = State.STARTING;
        return true;
    }
}
