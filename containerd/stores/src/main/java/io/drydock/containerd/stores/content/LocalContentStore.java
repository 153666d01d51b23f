package io.drydock.containerd.stores.content;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.stores.metadata.Database;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.containerd.stores.metadata.Namespaces;
import io.drydock.linux.Failpoint;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** Blobs as files below one directory, named by digest; what namespaces know of them is in the database. Safe for threads. */
public final class LocalContentStore implements ContentStore {
    private static final String COLUMNS =
            "SELECT digest, size, created, updated, labels FROM content WHERE namespace = ?";

    private final Path root;
    private final Database database;
    private final Set<String> open = ConcurrentHashMap.newKeySet();
    /** Held while a blob's file and its row come or go together. */
    private final ReentrantLock publishing = new ReentrantLock();

    /** @param root the store's directory, made if need be; what an earlier process left without a name is removed */
    public LocalContentStore(Path root, Database database) throws IOException {
        this.root = root;
        this.database = database;
        Files.createDirectories(root.resolve("ingest"));
        Files.createDirectories(root.resolve("blobs/sha256"));
        removeNameless();
    }

    private void removeNameless() throws IOException {
        var named = new HashSet<String>();
        database.transaction(tx -> tx.query("SELECT DISTINCT digest FROM content"))
                .forEach(row -> named.add(row.text(0)));
        try (var algorithms = Files.list(root.resolve("blobs"))) {
            for (var algorithm : algorithms.toList()) {
                try (var blobs = Files.list(algorithm)) {
                    for (var blob : blobs.toList()) {
                        if (!named.contains(algorithm.getFileName() + ":" + blob.getFileName())) {
                            Files.delete(blob);
                        }
                    }
                }
            }
        }
    }

    private static ContainerdError noContent(String digest) {
        return ContainerdError.notFound("content " + digest);
    }

    private static Info info(Database.Row row) {
        return new Info(
                row.text(0),
                row.number(1),
                Instant.ofEpochMilli(row.number(2)),
                Instant.ofEpochMilli(row.number(3)),
                Labels.decode(row.bytes(4)));
    }

    private static Info info(Database.Transaction tx, String namespace, String digest) {
        var row = tx.first(COLUMNS + " AND digest = ?", namespace, digest);
        if (row == null) {
            throw noContent(digest);
        }
        return info(row);
    }

    @Override
    public Info info(String namespace, String digest) {
        return database.transaction(tx -> info(tx, namespace, digest));
    }

    @Override
    public Info updateLabels(String namespace, String digest, Map<String, String> labels, Iterable<String> paths) {
        return database.transaction(tx -> {
            var old = info(tx, namespace, digest);
            tx.update(
                    "UPDATE content SET labels = ?, updated = ? WHERE namespace = ? AND digest = ?",
                    Labels.encode(Labels.update(old.labels(), labels, paths, "content info \"" + digest + "\"")),
                    System.currentTimeMillis(),
                    namespace,
                    digest);
            return info(tx, namespace, digest);
        });
    }

    @Override
    public List<Info> list(String namespace, Filter filter) {
        return database.transaction(tx -> tx.query(COLUMNS + " ORDER BY digest", namespace)).stream()
                .map(LocalContentStore::info)
                .filter(info -> filter.matches(path -> field(info, path)))
                .toList();
    }

    private static Optional<String> field(Info info, List<String> path) {
        return switch (path.getFirst()) {
            case "digest" -> Optional.of(info.digest());
            case "size" -> Optional.of(Long.toString(info.size()));
            case "labels" -> Optional.ofNullable(info.labels().get(String.join(".", path.subList(1, path.size()))));
            default -> Optional.empty();
        };
    }

    @Override
    public void delete(String namespace, String digest) {
        int gone = database.transaction(
                tx -> tx.update("DELETE FROM content WHERE namespace = ? AND digest = ?", namespace, digest));
        if (gone == 0) {
            throw noContent(digest);
        }
        database.flush(); // a name without its file would be worse than a file without a name
        removeUnlessNamed(digest);
    }

    /** Removes a blob's file if no namespace knows the blob. */
    public void removeUnlessNamed(String digest) {
        publishing.lock();
        try {
            if (!database.transaction(tx -> tx.has("SELECT 1 FROM content WHERE digest = ? LIMIT 1", digest))) {
                Files.deleteIfExists(file(digest));
            }
        } catch (IOException e) {
            throw new ContainerdError(
                    ContainerdError.Code.INTERNAL, "remove blob " + digest + ": " + e.getMessage(), e);
        } finally {
            publishing.unlock();
        }
    }

    private Path file(String digest) {
        try {
            var parsed = Digest.parse(digest);
            return root.resolve("blobs").resolve(parsed.algorithm()).resolve(parsed.hex());
        } catch (IllegalArgumentException e) {
            throw ContainerdError.invalid("\"" + digest + "\": " + e.getMessage());
        }
    }

    @Override
    public FileChannel open(String namespace, String digest) throws IOException {
        Path file = file(digest);
        info(namespace, digest);
        try {
            return FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new ContainerdError(
                    ContainerdError.Code.NOT_FOUND, "content " + digest + ": its file is gone: not found", e);
        }
    }

    private Path directory(String namespace, String ref) {
        return IngestDirectory.path(root.resolve("ingest"), namespace, ref);
    }

    @Override
    public Status status(String namespace, String ref) {
        var status = IngestDirectory.status(directory(namespace, ref), namespace);
        if (status == null) {
            throw ContainerdError.notFound("ingest \"" + ref + "\"");
        }
        return status;
    }

    @Override
    public List<Status> statuses(String namespace, Filter filter) {
        var found = new ArrayList<Status>();
        for (var directory : ingests()) {
            var status = IngestDirectory.status(directory, namespace);
            if (status != null
                    && filter.matches(
                            path -> path.getFirst().equals("ref") ? Optional.of(status.ref()) : Optional.empty())) {
                found.add(status);
            }
        }
        return found;
    }

    private List<Path> ingests() {
        try (var all = Files.list(root.resolve("ingest"))) {
            return all.sorted().toList();
        } catch (IOException e) {
            throw new ContainerdError(ContainerdError.Code.INTERNAL, "list ingests: " + e.getMessage(), e);
        }
    }

    @Override
    public void abort(String namespace, String ref) {
        status(namespace, ref);
        var key = namespace + "/" + ref;
        if (!open.add(key)) {
            throw locked(ref);
        }
        try {
            IngestDirectory.remove(directory(namespace, ref));
            database.transaction(tx -> tx.update(
                    "DELETE FROM resource WHERE namespace = ? AND type = 'ingests' AND id = ?", namespace, ref));
        } finally {
            open.remove(key);
        }
    }

    /** Removes ingests that nobody writes to, no lease holds, and nobody has written to since a moment. */
    public void removeAbandoned(Instant since) {
        for (var directory : ingests()) {
            var namespace = IngestDirectory.namespace(directory);
            var status = IngestDirectory.status(directory, namespace);
            if (status == null || !status.updatedAt().isBefore(since)) {
                continue;
            }
            boolean held = database.transaction(tx -> tx.has(
                    "SELECT 1 FROM resource WHERE namespace = ? AND type = 'ingests' AND id = ? LIMIT 1",
                    namespace,
                    status.ref()));
            var key = namespace + "/" + status.ref();
            if (!held && open.add(key)) {
                try {
                    IngestDirectory.remove(directory);
                } finally {
                    open.remove(key);
                }
            }
        }
    }

    private static ContainerdError locked(String ref) {
        return new ContainerdError(ContainerdError.Code.UNAVAILABLE, "ref " + ref + " locked: unavailable");
    }

    @Override
    public Ingest ingest(String namespace, String lease, String ref, long total, String expected) throws IOException {
        if (ref.isEmpty()) {
            throw ContainerdError.invalid("ref must not be empty");
        }
        if (!expected.isEmpty() && known(namespace, lease, expected)) {
            throw ContainerdError.alreadyExists("content " + expected);
        }
        var key = namespace + "/" + ref;
        if (!open.add(key)) {
            throw locked(ref);
        }
        boolean opened = false;
        try {
            database.transaction(tx -> {
                Namespaces.need(tx, namespace);
                Leases.hold(tx, namespace, lease, "ingests", ref);
                return true;
            });
            var files = IngestDirectory.open(directory(namespace, ref), namespace, ref, total, expected);
            Failpoint.at("content.ingest");
            var ingest = new LocalIngest(this, namespace, lease, files);
            opened = true;
            return ingest;
        } finally {
            if (!opened) {
                open.remove(key);
            }
        }
    }

    /** Whether the namespace has the blob; if so, the lease holds it from now on. */
    private boolean known(String namespace, String lease, String digest) {
        file(digest);
        return database.transaction(tx -> {
            if (tx.first("SELECT 1 FROM content WHERE namespace = ? AND digest = ?", namespace, digest) == null) {
                return false;
            }
            Leases.hold(tx, namespace, lease, "content", digest);
            return true;
        });
    }

    void release(String namespace, String ref) {
        open.remove(namespace + "/" + ref);
    }

    /** Makes an ingest's file a blob, or forgets it if the blob is there already in this namespace. */
    void publish(
            String namespace, String lease, String ref, Path data, String digest, long size, Map<String, String> labels)
            throws IOException {
        Path blob = file(digest);
        publishing.lock();
        try {
            if (known(namespace, lease, digest)) {
                throw ContainerdError.alreadyExists("content " + digest);
            }
            if (!Files.exists(blob)) {
                Files.createDirectories(blob.getParent());
                Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r--r--r--"));
                move(data, blob);
            }
            Failpoint.at("content.moved");
            long now = System.currentTimeMillis();
            database.transaction(tx -> {
                tx.update(
                        "INSERT INTO content VALUES (?, ?, ?, ?, ?, ?)",
                        namespace,
                        digest,
                        size,
                        Labels.encode(labels),
                        now,
                        now);
                Leases.hold(tx, namespace, lease, "content", digest);
                return tx.update(
                        "DELETE FROM resource WHERE namespace = ? AND type = 'ingests' AND id = ?", namespace, ref);
            });
            Failpoint.at("content.published");
        } finally {
            publishing.unlock();
        }
    }

    private static void move(Path data, Path blob) throws IOException {
        try {
            Files.move(data, blob, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("publish " + blob + ": ingests and blobs must be on one file system", e);
        }
    }
}
