package io.drydock.registry.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Says that a process uses a storage directory: several may write to it, or one collects garbage alone. */
public final class DirectoryLock implements AutoCloseable {
    private final FileChannel file;

    private DirectoryLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes the lock of a directory, which is made if it is missing.
     *
     * @param alone whether nobody else may have it
     * @return empty if somebody has it who excludes this
     */
    public static Optional<DirectoryLock> take(Path root, boolean alone) throws IOException {
        Files.createDirectories(root);
        var file = FileChannel.open(
                root.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = file.tryLock(0, 1, !alone);
        } catch (OverlappingFileLockException e) {
            // another user in this process; two that share do not exclude each other
            if (!alone) {
                return Optional.of(new DirectoryLock(file));
            }
        } finally {
            if (lock == null && alone) {
                file.close();
            }
        }
        if (lock == null) {
            file.close();
            return Optional.empty();
        }
        return Optional.of(new DirectoryLock(file));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
