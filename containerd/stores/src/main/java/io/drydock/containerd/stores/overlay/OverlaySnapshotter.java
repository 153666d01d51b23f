package io.drydock.containerd.stores.overlay;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.metadata.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots as directories that overlayfs stacks: {@code snapshots/N/fs} is a layer, or the upper directory of an active
 * snapshot, whose {@code work} is overlay's. A layer needs no parent until it is committed.
 *
 * <p>A directory whose row is gone is first moved to {@code removed/} and then deleted in the background, so that removing
 * a container does not wait for its files.
 */
public final class OverlaySnapshotter implements Snapshotter, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OverlaySnapshotter.class);
    private static final Set<PosixFilePermission> ROOT_MODE = PosixFilePermissions.fromString("rwxr-xr-x");
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Path INDEX = Path.of("/sys/module/overlay/parameters/index");

    private final Path snapshots;
    private final Path removed;
    private final Database database;
    private final SnapshotTable table = new SnapshotTable("overlayfs");
    private final boolean indexOff = Files.exists(INDEX);
    private final ExecutorService deleter = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("snapshot-deleter").daemon().factory());

    /** @param root the snapshotter's directory, made if need be; what an earlier process left without a row is removed */
    public OverlaySnapshotter(Path root, Database database) throws IOException {
        this.snapshots = root.resolve("snapshots");
        this.removed = root.resolve("removed");
        this.database = database;
        Files.createDirectories(snapshots, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.createDirectories(removed, PosixFilePermissions.asFileAttribute(PRIVATE));
        cleanup();
    }

    @Override
    public String name() {
        return "overlayfs";
    }

    private Path directory(long id) {
        return snapshots.resolve(Long.toString(id));
    }

    private Path fs(long id) {
        return directory(id).resolve("fs");
    }

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

    private record Created(long id, List<Long> parents) {}

    private List<Mount> create(
            String namespace, String lease, String key, String parent, Kind kind, Map<String, String> labels)
            throws IOException {
        if (key.isEmpty()) {
            throw ContainerdError.invalid("snapshot key must not be empty");
        }
        var made = database.transaction(tx -> new Created(
                table.add(tx, namespace, lease, key, parent, kind, labels), table.chain(tx, namespace, parent)));
        boolean done = false;
        try {
            directories(made, kind);
            done = true;
        } finally {
            if (!done) {
                remove(namespace, key);
            }
        }
        return mounts(made.id(), made.parents(), kind);
    }

    private void directories(Created made, Kind kind) throws IOException {
        Path directory = directory(made.id());
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
        Files.createDirectory(fs(made.id()));
        Files.setPosixFilePermissions(fs(made.id()), ROOT_MODE);
        if (kind == Kind.ACTIVE) {
            Files.createDirectory(directory.resolve("work"));
        }
        if (!made.parents().isEmpty()) {
            // the root of the mount is the upper directory: it belongs to whom the image says
            var owner = Files.readAttributes(fs(made.parents().getFirst()), "unix:uid,gid");
            if (!owner.equals(Map.of("uid", 0, "gid", 0))) {
                Files.setAttribute(fs(made.id()), "unix:uid", owner.get("uid"));
                Files.setAttribute(fs(made.id()), "unix:gid", owner.get("gid"));
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
                    entry.id(),
                    table.chain(tx, namespace, entry.info().parent()),
                    entry.info().kind());
        });
    }

    private List<Mount> mounts(long id, List<Long> parents, Kind kind) {
        if (parents.isEmpty()) {
            return List.of(bind(id, kind == Kind.VIEW ? "ro" : "rw"));
        }
        if (kind == Kind.VIEW && parents.size() == 1) {
            return List.of(bind(parents.getFirst(), "ro"));
        }
        var options = new ArrayList<String>();
        if (indexOff) {
            options.add("index=off");
        }
        if (kind == Kind.ACTIVE) {
            options.add("workdir=" + fs(id).resolveSibling("work"));
            options.add("upperdir=" + fs(id));
        }
        var lower = new StringBuilder("lowerdir=");
        for (int i = 0; i < parents.size(); i++) {
            lower.append(i == 0 ? "" : ":").append(fs(parents.get(i)));
        }
        options.add(lower.toString());
        return List.of(new Mount("overlay", "overlay", List.copyOf(options)));
    }

    private Mount bind(long id, String access) {
        return new Mount("bind", fs(id).toString(), List.of(access, "rbind"));
    }

    @Override
    public void commit(
            String namespace, String lease, String name, String key, String parent, Map<String, String> labels) {
        if (name.isEmpty()) {
            throw ContainerdError.invalid("snapshot name must not be empty");
        }
        database.transaction(tx -> {
            table.commit(tx, namespace, lease, name, key, parent, labels);
            return true;
        });
    }

    @Override
    public void remove(String namespace, String key) throws IOException {
        long id = database.transaction(tx -> table.remove(tx, namespace, key));
        discard(id);
    }

    /** Moves the directory of a row that is gone out of the way, and deletes it in the background. */
    public void discard(long id) throws IOException {
        Path directory = snapshots.resolve(Long.toString(id));
        if (!Files.exists(directory)) {
            return;
        }
        Path aside = removed.resolve(Long.toString(id));
        Files.move(directory, aside, StandardCopyOption.ATOMIC_MOVE);
        deleter.execute(() -> deleteQuietly(aside));
    }

    private static void deleteQuietly(Path directory) {
        try {
            DirectoryTree.delete(directory);
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
                    Labels.encode(Labels.update(old.info().labels(), labels, paths)),
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
        var usage = DirectoryTree.usage(fs(entry.id()));
        if (committed) {
            // it never changes again: measured once
            database.transaction(tx -> tx.update(
                    "UPDATE snapshot SET size = ?, inodes = ? WHERE id = ?", usage.size(), usage.inodes(), entry.id()));
        }
        return usage;
    }

    @Override
    public Path layerDirectory(String namespace, String key) {
        return fs(database.transaction(tx -> table.get(tx, namespace, key)).id());
    }

    @Override
    public List<Path> layers(String namespace, String name) {
        return database.transaction(tx -> table.chain(tx, namespace, name)).stream()
                .map(this::fs)
                .toList();
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
