package io.drydock.docker.engine.container.watch;

import io.drydock.spec.engine.EngineException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A lock for operations that may hang: who waits for it does so within a limit, and anybody can see who holds it. */
public final class OperationLock extends ReentrantLock {
    private static final long serialVersionUID = 1;

    private static final long NOT_YET = 0;

    /** When; not yet between taking the lock and looking at the clock, and while nobody has it. */
    private volatile long taken = NOT_YET;

    /**
     * Who has the lock.
     *
     * @param thread that holds it
     * @param time since when
     * @param waiting how many others want it
     */
    public record Held(Thread thread, Duration time, int waiting) {}

    @Override
    public void lock() {
        super.lock();
        begin();
    }

    @Override
    public boolean tryLock() {
        boolean locked = super.tryLock();
        if (locked) {
            begin();
        }
        return locked;
    }

    /**
     * Takes the lock for a client's request.
     *
     * @param what is locked, in words for the client
     * @throws EngineException UNAVAILABLE if an operation before it has not ended within the limit
     */
    public void lockWithin(Duration limit, String what) {
        boolean locked;
        try {
            locked = super.tryLock(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException(EngineException.Kind.UNAVAILABLE, what + ": the client has gone", e);
        }
        if (!locked) {
            throw new EngineException(
                    EngineException.Kind.UNAVAILABLE,
                    what + " is busy: an operation on it has not ended for "
                            + age(taken).toSeconds() + " seconds");
        }
        begin();
    }

    @Override
    public void unlock() {
        if (getHoldCount() == 1) {
            taken = NOT_YET;
        }
        super.unlock();
    }

    private void begin() {
        if (getHoldCount() == 1) {
            taken = System.nanoTime();
        }
    }

    private static Duration age(long since) {
        return since == NOT_YET ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Who has it now; null if it is free, or changes hands just now. */
    public @Nullable Held held() {
        long since = taken;
        var thread = getOwner();
        boolean whole = thread != null && since != NOT_YET && since == taken;
        return whole ? new Held(thread, age(since), getQueueLength()) : null;
    }
}
