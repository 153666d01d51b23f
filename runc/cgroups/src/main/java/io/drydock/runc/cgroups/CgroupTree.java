package io.drydock.runc.cgroups;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;

/** A group's directory and those below it. */
final class CgroupTree {
    private static final int TRIES = 40;

    private CgroupTree() {}

    /** A group's links are its own two and one per child, which spares looking at its many files. */
    private static boolean isLeaf(Path group) throws IOException {
        return Files.getAttribute(group, "unix:nlink").equals(2);
    }

    /** Makes a group and those above it; answers it. Java says only which directory it could not make. */
    static Path make(Path group) throws IOException {
        try {
            return Files.createDirectories(group);
        } catch (AccessDeniedException e) {
            throw new AccessDeniedException("mkdir " + e.getFile() + ": permission denied");
        }
    }

    static List<Path> children(Path group) throws IOException {
        List<Path> children = new ArrayList<>();
        try {
            if (isLeaf(group)) {
                return children;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(group, Files::isDirectory)) {
                entries.forEach(children::add);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            IOException cause = Objects.requireNonNull(e.getCause());
            if (!CgroupFile.isGone(cause)) {
                throw cause;
            }
            return List.of(); // removed while it was listed
        }
        return children;
    }

    static List<Integer> pids(Path group) throws IOException {
        List<Integer> pids = new ArrayList<>();
        String own = CgroupFile.readIfExists(group.resolve("cgroup.procs")).orElse("");
        for (String line : own.split("\n")) {
            if (!line.isEmpty()) {
                pids.add(Integer.parseInt(line));
            }
        }
        for (Path child : children(group)) {
            pids.addAll(pids(child));
        }
        return pids;
    }

    /** Removes leaf first. The kernel answers EBUSY until the last process is really gone. */
    static void delete(Path group) throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                deleteOnce(group);
                return;
            } catch (DirectoryNotEmptyException e) {
                throw e;
            } catch (FileSystemException e) {
                if (tries == TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(1_000_000L << Math.min(tries, 6));
            }
        }
    }

    /** A group seldom has children, and listing its many files is slow: they are looked for when the kernel refuses. */
    private static void deleteOnce(Path group) throws IOException {
        try {
            Files.deleteIfExists(group);
        } catch (FileSystemException e) {
            List<Path> children = children(group);
            if (children.isEmpty()) {
                throw e;
            }
            for (Path child : children) {
                deleteOnce(child);
            }
            Files.deleteIfExists(group);
        }
    }
}
