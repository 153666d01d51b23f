package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps garbage collection from what is being used. Whoever makes a reference does so in {@link #use} and touches what it
 * refers to. A collection looks around after {@link #begin} and removes in {@link #sweep}, one thing at a time and only what
 * nobody has touched since. So a reference is either made early enough to be seen, or its touch stops the removal.
 */
final class Guard {
    private final Driver driver;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    /** What has been touched since the collection began; null while there is none. Changed under the write lock. */
    private @Nullable Set<String> touched;

    Guard(Driver driver) {
        this.driver = driver;
    }

    /** Something that may fail with an IOException. */
    interface Action<T> {
        T run() throws IOException;
    }

    /** Makes references; many do at the same time. */
    <T> T use(Action<T> action) throws IOException {
        lock.readLock().lock();
        try {
            return action.run();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Excludes everybody else, so it must be short. */
    <T> T alone(Action<T> action) throws IOException {
        lock.writeLock().lock();
        try {
            return action.run();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Marks a file as used, in a {@link #use}; false if it does not exist. */
    boolean touch(String file) throws IOException {
        if (touched != null) {
            touched.add(file);
        }
        return driver.touch(file);
    }

    /**
     * Begins a collection: references made before are visible afterwards.
     *
     * @throws IllegalStateException when one is under way
     */
    void begin() {
        lock.writeLock().lock();
        try {
            if (touched != null) {
                throw new IllegalStateException("a garbage collection is under way");
            }
            touched = ConcurrentHashMap.newKeySet();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Ends the collection. */
    void end() {
        lock.writeLock().lock();
        try {
            touched = null;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Removes something if its file has neither been touched since the collection began nor written since that time. Excludes
     * everybody else, so the removal must be short.
     *
     * @return whether it was removed
     */
    boolean sweep(String file, Instant unusedSince, Action<Boolean> removal) throws IOException {
        if (!isOlder(file, unusedSince)) {
            return false;
        }
        return alone(() -> (touched == null || !touched.contains(file)) && isOlder(file, unusedSince) && removal.run());
    }

    private boolean isOlder(String file, Instant time) throws IOException {
        var used = driver.lastUsed(file);
        return used.isPresent() && !used.get().isAfter(time);
    }
}
