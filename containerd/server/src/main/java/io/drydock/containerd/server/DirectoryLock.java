package io.drydock.containerd.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Keeps a second containerd away from a root directory. The kernel lets go of it when the process dies, however it does. */
final class DirectoryLock implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final FileChannel file;

    private DirectoryLock(FileChannel file) {
        this.file = file;
    }

    /** Waits a few seconds for a predecessor that is just ending. */
    static DirectoryLock take(Path directory) throws IOException {
        var file = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean taken = false;
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!locked(file)) {
                if (System.nanoTime() > end) {
                    throw new IOException("another containerd uses " + directory);
                }
                Thread.sleep(PAUSE);
            }
            taken = true;
            return new DirectoryLock(file);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            if (!taken) {
                file.close();
            }
        }
    }

    private static boolean locked(FileChannel file) throws IOException {
        try {
            return file.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // in tests, another server in this JVM
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
