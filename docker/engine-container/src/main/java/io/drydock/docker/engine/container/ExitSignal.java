package io.drydock.docker.engine.container;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** Tells who waits that a container has ended or was removed. Never held together with anything that takes its time. */
final class ExitSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long ends;
    private int lastCode;
    private boolean removed;

    /** A moment to wait from. */
    record Mark(long ends) {}

    Mark mark() {
        lock.lock();
        try {
            return new Mark(ends);
        } finally {
            lock.unlock();
        }
    }

    /** A run has ended. */
    void ended(int code) {
        lock.lock();
        try {
            ends++;
            lastCode = code;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The container is gone. */
    void removed() {
        lock.lock();
        try {
            removed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next end after the mark, or the removal; returns the exit code of the last run. */
    int awaitEnd(Mark mark) throws InterruptedException {
        return await(() -> ends > mark.ends() || removed);
    }

    /** Waits until the container is gone; returns the exit code of the last run. */
    int awaitRemoval() throws InterruptedException {
        return await(() -> removed);
    }

    private int await(BooleanSupplier condition) throws InterruptedException {
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                changed.await();
            }
            return lastCode;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for an end after the mark; false if none came in time. */
    boolean awaitEnd(Mark mark, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (ends <= mark.ends() && !removed) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The exit code a container had when it was loaded from disk. */
    void restore(int code) {
        lock.lock();
        try {
            lastCode = code;
        } finally {
            lock.unlock();
        }
    }
}
