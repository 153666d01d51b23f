package io.drydock.containerd.stores.snapshot;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.linux.Errno;
import io.drydock.linux.Failpoint;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots as rows and directories, {@code snapshots/N/fs}; how a directory stands for its parents too is a technique's
 * matter.
 *
 * <p>A directory whose row is gone is first moved to {@code removed/} and then deleted in the background, so that removing
 * a container does not wait for its files.
 */
public abstract sealed class DirectorySnapshotter implements Snapshotter, AutoCloseable
        permits OverlaySnapshotter, NativeSnapshotter, BtrfsSnapshotter {
    private static final Logger log = LoggerFactory.getLogger(DirectorySnapshotter.class);
    /** {@code FS_TOPDIR_FL} of linux/fs.h. */
    private static final int TOP_DIRECTORY = 0x20000;

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private final String name;
    private final Path snapshots;
    private final Path removed;
    private final Database database;
    private final SnapshotTable table;
    private final DirectoryUsage usage;
    private final boolean syncRemove;
    private final ExecutorService deleter = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("snapshot-deleter").daemon().factory());

    /**
     * @param root the snapshotter's directory, made if need be; what an earlier process left without a row is removed
     * @param syncRemove whether a removal waits until the files are gone
     */
    DirectorySnapshotter(String name, Linux linux, Path root, Database database, boolean syncRemove)
            throws IOException {
        this.syncRemove = syncRemove;
        this.name = name;
        this.table = new SnapshotTable(name);
        this.usage = new DirectoryUsage(linux);
        this.snapshots = root.resolve("snapshots");
        this.removed = root.resolve("removed");
        this.database = database;
        Files.createDirectories(snapshots, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.createDirectories(removed, PosixFilePermissions.asFileAttribute(PRIVATE));
        spread(linux, snapshots);
        cleanup();
    }

    /**
     * Tells the file system that the snapshots have nothing to do with each other ({@code chattr +T}). ext4 puts each of them
     * into a group of blocks of its own then; else it puts them all into one, where each new file looks at all those that were
     * removed in the last minutes: a pull after a prune took five times as long.
     */
    private static void spread(Linux linux, Path snapshots) throws LinuxException {
        try (var fd = linux.files().open(snapshots.toString(), O.RDONLY | O.DIRECTORY)) {
            linux.files().addAttributes(fd, TOP_DIRECTORY);
        } catch (LinuxException e) {
            // other file systems do not know it, or a user namespace may not set it
            if (e.errno() != Errno.ENOTTY
                    && e.errno() != Errno.EOPNOTSUPP
                    && e.errno() != Errno.EPERM
                    && e.errno() != Errno.EINVAL
                    && e.errno() != Errno.EACCES) {
                throw e;
            }
        }
    }

    @Override
    public final String name() {
        return name;
    }

    private Path directory(long id) {
        return snapshots.resolve(Long.toString(id));
    }

    private static Path fs(Path directory) {
        return directory.resolve("fs");
    }

    /**
     * Makes {@code fs}, and what else the technique needs, in an empty directory.
     *
     * @param parents their {@code fs}, the nearest first
     */
    abstract void fill(Path directory, List<Path> parents, Kind kind) throws IOException;

    /** @param parents their {@code fs}, the nearest first */
    abstract List<Mount> mounts(Path directory, List<Path> parents, Kind kind);

    @Override
    public List<Mount> prepare(String namespace, String lease, String key, String parent, Map<String, String> labels)
            throws IOException {
        return create(namespace, lease, key, parent, Kind.ACTIVE, labels);
    }

    @Override
    public List<Mount> view(String namespace, String lease, String key, String parent, Map<String, String> labels)
            throws IOException {
        return create(namespace, lease, key, parent, Kind.VIEW, labels);
    }

    private List<Mount> create(
            String namespace, String lease, String key, String parent, Kind kind, Map<String, String> labels)
            throws IOException {
        if (key.isEmpty()) {
            throw ContainerdError.invalid("snapshot key must not be empty");
        }
        long id = database.transaction(tx -> table.add(tx, namespace, lease, key, parent, kind, labels));
        Failpoint.at("snapshot.row");
        boolean done = false;
        try {
            var parents = layers(namespace, parent);
            Files.createDirectory(directory(id), PosixFilePermissions.asFileAttribute(PRIVATE));
            fill(directory(id), parents, kind);
            Failpoint.at("snapshot.made");
            done = true;
            return mounts(directory(id), parents, kind);
        } finally {
            if (!done) {
                remove(namespace, key);
            }
        }
    }

    @Override
    public List<Mount> mounts(String namespace, String key) {
        return database.transaction(tx -> {
            var entry = table.get(tx, namespace, key);
            if (entry.info().kind() == Kind.COMMITTED) {
                throw ContainerdError.failedPrecondition("snapshot \"" + key + "\" is committed and has no mounts");
            }
            return mounts(
                    directory(entry.id()),
                    directories(table.chain(tx, namespace, entry.info().parent())),
                    entry.info().kind());
        });
    }

    /** Deletes a directory of a removed snapshot. */
    void delete(Path directory) throws IOException {
        DirectoryTree.delete(directory);
    }

    /** A directory as it is, for writing if the snapshot is active. */
    static Mount bind(Path fs, Kind kind) {
        return new Mount("bind", fs.toString(), List.of(kind == Kind.VIEW ? "ro" : "rw", "rbind"));
    }

    private List<Path> directories(List<Long> ids) {
        return ids.stream().map(id -> fs(directory(id))).toList();
    }

    @Override
    public void commit(
            String namespace, String lease, String name, String key, String parent, Map<String, String> labels) {
        if (name.isEmpty()) {
            throw ContainerdError.invalid("snapshot name must not be empty");
        }
        if (!parent.isEmpty() && !stacksLater()) {
            throw new ContainerdError(
                    ContainerdError.Code.UNIMPLEMENTED,
                    "snapshotter " + this.name + " cannot give a snapshot another parent at its commit");
        }
        database.transaction(tx -> {
            table.commit(tx, namespace, lease, name, key, parent, labels);
            return true;
        });
    }

    @Override
    public void remove(String namespace, String key) throws IOException {
        long id = database.transaction(tx -> table.remove(tx, namespace, key));
        Failpoint.at("snapshot.removed");
        discard(id);
        if (syncRemove) {
            awaitDeletions();
        }
    }

    /** Moves the directory of a row that is gone out of the way, and deletes it in the background. */
    public void discard(long id) throws IOException {
        Path directory = directory(id);
        if (!Files.exists(directory)) {
            return;
        }
        Path aside = removed.resolve(Long.toString(id));
        Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
        deleter.execute(() -> deleteQuietly(aside));
    }

    private void awaitDeletions() throws IOException {
        try {
            deleter.submit(() -> {}).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while a snapshot's files are deleted");
        }
    }

    private void deleteQuietly(Path directory) {
        try {
            delete(directory);
        } catch (IOException e) {
            // the next start, or a client's cleanup, tries again
            log.warn("remove snapshot directory {}: {}", directory, e.getMessage());
        }
    }

    @Override
    public Info stat(String namespace, String key) {
        return database.transaction(tx -> table.get(tx, namespace, key).info());
    }

    @Override
    public Info updateLabels(String namespace, String key, Map<String, String> labels, Iterable<String> paths) {
        return database.transaction(tx -> {
            var old = table.get(tx, namespace, key);
            tx.update(
                    "UPDATE snapshot SET labels = ?, updated = ? WHERE id = ?",
                    Labels.encode(Labels.update(old.info().labels(), labels, paths, "snapshot \"" + key + "\"")),
                    System.currentTimeMillis(),
                    old.id());
            return table.get(tx, namespace, key).info();
        });
    }

    @Override
    public List<Info> list(String namespace, Filter filter) {
        return database.transaction(tx -> table.list(tx, namespace)).stream()
                .filter(info -> filter.matches(path -> field(info, path)))
                .toList();
    }

    private static Optional<String> field(Info info, List<String> path) {
        return switch (path.getFirst()) {
            case "name" -> Optional.of(info.name());
            case "parent" -> Optional.of(info.parent());
            case "kind" ->
                Optional.of(
                        switch (info.kind()) {
                            case VIEW -> "view";
                            case ACTIVE -> "active";
                            case COMMITTED -> "committed";
                        });
            case "labels" -> Optional.ofNullable(info.labels().get(String.join(".", path.subList(1, path.size()))));
            default -> Optional.empty();
        };
    }

    @Override
    public Usage usage(String namespace, String key) throws IOException {
        var entry = database.transaction(tx -> table.get(tx, namespace, key));
        boolean committed = entry.info().kind() == Kind.COMMITTED;
        if (committed && entry.usage().size() != SnapshotTable.UNKNOWN) {
            return entry.usage();
        }
        var measured = usage.of(fs(directory(entry.id())));
        if (committed) {
            // it never changes again: measured once
            database.transaction(tx -> tx.update(
                    "UPDATE snapshot SET size = ?, inodes = ? WHERE id = ?",
                    measured.size(),
                    measured.inodes(),
                    entry.id()));
        }
        return measured;
    }

    @Override
    public Path layerDirectory(String namespace, String key) {
        return fs(directory(
                database.transaction(tx -> table.get(tx, namespace, key)).id()));
    }

    @Override
    public List<Path> layers(String namespace, String name) {
        return directories(database.transaction(tx -> table.chain(tx, namespace, name)));
    }

    @Override
    public void cleanup() throws IOException {
        var directories = DirectoryTree.children(snapshots);
        // read after the directories, whose rows were there before them
        var known = new HashSet<String>();
        database.transaction(tx -> tx.query("SELECT id FROM snapshot WHERE snapshotter = ?", name()))
                .forEach(row -> known.add(Long.toString(row.number(0))));
        for (var directory : directories) {
            var id = directory.getFileName().toString();
            if (!known.contains(id)) {
                discard(Long.parseLong(id));
            }
        }
        for (var left : DirectoryTree.children(removed)) {
            deleter.execute(() -> deleteQuietly(left));
        }
    }

    /** Waits a moment for deletions under way. */
    @Override
    public void close() {
        deleter.shutdown();
        try {
            if (!deleter.awaitTermination(5, TimeUnit.SECONDS)) {
                log.info("directories of removed snapshots are left for the next start");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
