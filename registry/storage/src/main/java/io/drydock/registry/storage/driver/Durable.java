package io.drydock.registry.storage.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Objects;
import java.util.UUID;

/** Changes to the file system that a power cut after their return does not undo: bytes, names and directories are synced. */
final class Durable {
    private Durable() {}

    /** The directory that a path is in. */
    static Path directory(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    /** Replaces a small file as a whole, making the directories that are missing. */
    static void write(Path file, byte[] bytes) throws IOException {
        directories(directory(file));
        var aside = file.resolveSibling("." + UUID.randomUUID());
        boolean done = false;
        try {
            try (var out = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                out.force(false);
            }
            rename(aside, file);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(aside);
            }
        }
    }

    /** Moves a synced file to a directory that is there. */
    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(directory(to));
    }

    /** Makes a directory and those above it. */
    static void directories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        directories(directory(directory));
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            return; // somebody else was faster, and syncs it
        }
        sync(directory(directory));
    }

    /** Removes a file; false if there is none. */
    static boolean delete(Path file) throws IOException {
        if (!Files.deleteIfExists(file)) {
            return false;
        }
        sync(directory(file));
        return true;
    }

    private static void sync(Path directory) throws IOException {
        try (var names = FileChannel.open(directory, StandardOpenOption.READ)) {
            names.force(true);
        } catch (NoSuchFileException e) {
            return; // a directory that is gone has no names to keep
        }
    }

    /** Removes a directory with all that is in it; nothing happens if it is not there. */
    static void deleteTree(Path directory) throws IOException {
        try (var tree = Files.walk(directory)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            return; // somebody else removes it
        }
    }
}
