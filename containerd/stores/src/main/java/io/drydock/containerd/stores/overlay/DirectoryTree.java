package io.drydock.containerd.stores.overlay;

import io.drydock.containerd.core.Snapshotter.Usage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;

/** A directory and all below it. Symbolic links are never followed. */
final class DirectoryTree {
    private static final long BLOCK = 4096;

    private DirectoryTree() {}

    static List<Path> children(Path directory) throws IOException {
        try (var all = Files.list(directory)) {
            return all.toList();
        }
    }

    /** Deletes it; that parts of it are gone already is no error. */
    static void delete(Path directory) throws IOException {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path left, java.io.IOException e) throws IOException {
                    Files.deleteIfExists(left);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            return; // somebody else was faster
        }
    }

    /** What it takes on disk, in whole blocks, each file once however many names it has; and the number of inodes. */
    static Usage usage(Path directory) throws IOException {
        var counter = new Counter();
        Files.walkFileTree(directory, counter);
        return new Usage(counter.size, counter.seen.size());
    }

    private static final class Counter extends SimpleFileVisitor<Path> {
        final HashSet<Object> seen = new HashSet<>();
        long size;

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            count(attributes);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            count(attributes);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
                return FileVisitResult.CONTINUE; // a running container removed it
            }
            throw e;
        }

        private void count(BasicFileAttributes attributes) {
            if (seen.add(attributes.fileKey()) && (attributes.isRegularFile() || attributes.isDirectory())) {
                size += (attributes.size() + BLOCK - 1) / BLOCK * BLOCK;
            }
        }
    }
}
