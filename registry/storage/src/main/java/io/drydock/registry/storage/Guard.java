package io.drydock.registry.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
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
    /** Modification times are not made newer more often than this, in seconds. */
    private static final long FRESH = 30;

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    /** What has been touched since the collection began; null while there is none. Changed under the write lock. */
    private @Nullable Set<Path> touched;

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
    boolean touch(Path file) throws IOException {
        if (touched != null) {
            touched.add(file);
        }
        try {
            var now = Instant.now();
            if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minusSeconds(FRESH))) {
                Files.setLastModifiedTime(file, FileTime.from(now));
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
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
    boolean sweep(Path file, Instant unusedSince, Action<Boolean> removal) throws IOException {
        if (!isOlder(file, unusedSince)) {
            return false;
        }
        return alone(() -> (touched == null || !touched.contains(file)) && isOlder(file, unusedSince) && removal.run());
    }

    private static boolean isOlder(Path file, Instant time) throws IOException {
        try {
            return !Files.getLastModifiedTime(file).toInstant().isAfter(time);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
