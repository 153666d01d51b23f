package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks by name that exclude threads, and other processes with the same file: each name is one of some bytes of it. Who holds one
 * takes no other.
 */
final class FileLocks implements AutoCloseable {
    private static final int COUNT = 64;
    private static final long RETRY_NANOS = 1_000_000;

    private final Path path;
    private final ReentrantLock[] threads = new ReentrantLock[COUNT];
    private final ReentrantLock opening = new ReentrantLock();
    private volatile @Nullable FileChannel file;

    FileLocks(Path path) {
        this.path = path;
        for (int i = 0; i < COUNT; i++) {
            threads[i] = new ReentrantLock();
        }
    }

    /** Something that may fail with an IOException. */
    interface Action<T> {
        T run() throws IOException;
    }

    <T> T with(String name, Action<T> action) throws IOException {
        int place = Math.floorMod(name.hashCode(), COUNT);
        threads[place].lock();
        try (var lock = lock(place)) {
            return action.run();
        } finally {
            threads[place].unlock();
        }
    }

    private FileLock lock(int place) throws IOException {
        while (true) {
            try {
                return file().lock(place, 1, false);
            } catch (OverlappingFileLockException e) {
                // another of these in the same process has it, for the time of writing a small file
                LockSupport.parkNanos(RETRY_NANOS);
            }
        }
    }

    private FileChannel file() throws IOException {
        var open = file;
        if (open != null) {
            return open;
        }
        opening.lock();
        try {
            if (file == null) {
                Files.createDirectories(Durable.directory(path));
                file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            }
            return file;
        } finally {
            opening.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        var open = file;
        if (open != null) {
            open.close();
        }
    }
}
