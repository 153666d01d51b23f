package io.drydock.containerd.stores.snapshot;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.core.Snapshotter.Info;
import io.drydock.containerd.core.Snapshotter.Kind;
import io.drydock.containerd.core.Snapshotter.Usage;
import io.drydock.containerd.stores.metadata.Database.Row;
import io.drydock.containerd.stores.metadata.Database.Transaction;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.containerd.stores.metadata.Namespaces;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The rows of one snapshotter's snapshots. All methods run inside a transaction. */
final class SnapshotTable {
    /** The size of a committed snapshot that nobody has asked for yet. */
    static final long UNKNOWN = -1;

    private static final String COLUMNS =
            "SELECT id, name, parent, kind, created, updated, labels, size, inodes FROM snapshot WHERE namespace = ? AND snapshotter = ?";

    private final String snapshotter;

    SnapshotTable(String snapshotter) {
        this.snapshotter = snapshotter;
    }

    /** A snapshot's row; the id names its directory. */
    record Entry(long id, Info info, Usage usage) {}

    private static Entry entry(Row row) {
        return new Entry(
                row.number(0),
                new Info(
                        row.text(1),
                        row.text(2),
                        Kind.valueOf(row.text(3)),
                        Instant.ofEpochMilli(row.number(4)),
                        Instant.ofEpochMilli(row.number(5)),
                        Labels.decode(row.bytes(6))),
                new Usage(row.number(7), row.number(8)));
    }

    Entry get(Transaction tx, String namespace, String name) {
        var row = tx.first(COLUMNS + " AND name = ?", namespace, snapshotter, name);
        if (row == null) {
            throw ContainerdError.notFound("snapshot " + name + " does not exist");
        }
        return entry(row);
    }

    boolean has(Transaction tx, String namespace, String name) {
        return tx.first(
                        "SELECT 1 FROM snapshot WHERE namespace = ? AND snapshotter = ? AND name = ?",
                        namespace,
                        snapshotter,
                        name)
                != null;
    }

    /** All of a namespace's snapshots, parents first: by the length of the chain below, then by age. */
    List<Info> list(Transaction tx, String namespace) {
        return tx
                .query(
                        "WITH RECURSIVE chain(name, depth) AS ("
                                + " SELECT name, 0 FROM snapshot WHERE namespace = ?1 AND snapshotter = ?2 AND parent = ''"
                                + " UNION ALL SELECT s.name, depth + 1 FROM chain JOIN snapshot s"
                                + " ON s.namespace = ?1 AND s.snapshotter = ?2 AND s.parent = chain.name)"
                                + " SELECT s.id, s.name, s.parent, s.kind, s.created, s.updated, s.labels, s.size, s.inodes"
                                + " FROM chain JOIN snapshot s ON s.namespace = ?1 AND s.snapshotter = ?2 AND s.name = chain.name"
                                + " ORDER BY chain.depth, s.id",
                        namespace,
                        snapshotter)
                .stream()
                .map(row -> entry(row).info())
                .toList();
    }

    /** The directories of a snapshot and all below it, the nearest first; none for an empty name. */
    List<Long> chain(Transaction tx, String namespace, String name) {
        var ids = new ArrayList<Long>();
        for (var next = name; !next.isEmpty(); ) {
            var row = tx.first(
                    "SELECT id, parent FROM snapshot WHERE namespace = ? AND snapshotter = ? AND name = ?",
                    namespace,
                    snapshotter,
                    next);
            if (row == null) {
                throw ContainerdError.notFound("parent snapshot " + next + " does not exist");
            }
            ids.add(row.number(0));
            next = row.text(1);
        }
        return ids;
    }

    void needCommitted(Transaction tx, String namespace, String parent) {
        if (!parent.isEmpty() && get(tx, namespace, parent).info().kind() != Kind.COMMITTED) {
            throw ContainerdError.invalid("parent \"" + parent + "\" is not committed snapshot");
        }
    }

    /** Adds a snapshot; its id is the answer. */
    long add(
            Transaction tx,
            String namespace,
            String lease,
            String key,
            String parent,
            Kind kind,
            Map<String, String> labels) {
        needCommitted(tx, namespace, parent);
        if (has(tx, namespace, key)) {
            throw ContainerdError.alreadyExists("snapshot \"" + key + "\"");
        }
        Namespaces.need(tx, namespace);
        long now = System.currentTimeMillis();
        tx.update(
                "INSERT INTO snapshot (namespace, snapshotter, name, kind, parent, size, inodes, labels, created, updated)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?)",
                namespace,
                snapshotter,
                key,
                kind.name(),
                parent,
                UNKNOWN,
                Labels.encode(Labels.check(labels)),
                now,
                now);
        Leases.hold(tx, namespace, lease, "snapshots/" + snapshotter, key);
        return get(tx, namespace, key).id();
    }

    void commit(
            Transaction tx,
            String namespace,
            String lease,
            String name,
            String key,
            String parent,
            Map<String, String> labels) {
        var old = get(tx, namespace, key);
        if (old.info().kind() != Kind.ACTIVE) {
            throw ContainerdError.failedPrecondition("snapshot \"" + key + "\" is not active");
        }
        if (has(tx, namespace, name)) {
            throw ContainerdError.alreadyExists("snapshot \"" + name + "\"");
        }
        if (!parent.isEmpty()
                && !old.info().parent().isEmpty()
                && !parent.equals(old.info().parent())) {
            throw ContainerdError.invalid(
                    "snapshot \"" + key + "\" has parent " + old.info().parent() + ", not " + parent);
        }
        needCommitted(tx, namespace, parent);
        long now = System.currentTimeMillis();
        tx.update(
                "UPDATE snapshot SET name = ?, kind = 'COMMITTED', parent = ?, labels = ?, size = ?, created = ?, updated = ? WHERE id = ?",
                name,
                parent.isEmpty() ? old.info().parent() : parent,
                Labels.encode(Labels.check(labels)),
                UNKNOWN,
                now,
                now,
                old.id());
        tx.update(
                "DELETE FROM resource WHERE namespace = ? AND type = ? AND id = ?",
                namespace,
                "snapshots/" + snapshotter,
                key);
        Leases.hold(tx, namespace, lease, "snapshots/" + snapshotter, name);
    }

    /** Removes the row; the id of what is left on disk is the answer. */
    long remove(Transaction tx, String namespace, String key) {
        var entry = get(tx, namespace, key);
        if (tx.first(
                        "SELECT 1 FROM snapshot WHERE namespace = ? AND snapshotter = ? AND parent = ? LIMIT 1",
                        namespace,
                        snapshotter,
                        key)
                != null) {
            throw ContainerdError.failedPrecondition("cannot remove snapshot with child");
        }
        tx.update("DELETE FROM snapshot WHERE id = ?", entry.id());
        tx.update(
                "DELETE FROM resource WHERE namespace = ? AND type = ? AND id = ?",
                namespace,
                "snapshots/" + snapshotter,
                key);
        return entry.id();
    }
}
