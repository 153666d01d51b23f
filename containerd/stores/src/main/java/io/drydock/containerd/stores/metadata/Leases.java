package io.drydock.containerd.stores.metadata;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is kept from the collector while somebody works with it. */
public final class Leases {
    /** A lease. */
    public record Lease(String id, Map<String, String> labels, Instant createdAt) {}

    /** Something that a lease holds: the type is content, ingests, images or snapshots/SNAPSHOTTER. */
    public record Resource(String type, String id) {}

    private final Database database;

    public Leases(Database database) {
        this.database = database;
    }

    public Lease create(String namespace, String id, Map<String, String> labels) {
        if (id.isEmpty()) {
            throw ContainerdError.invalid("lease id must be provided"); // anything else will do: ctr gives paths
        }
        return database.transaction(tx -> {
            if (tx.first("SELECT 1 FROM lease WHERE namespace = ? AND id = ?", namespace, id) != null) {
                throw ContainerdError.alreadyExists("lease \"" + id + "\"");
            }
            Namespaces.need(tx, namespace);
            long now = System.currentTimeMillis();
            tx.update("INSERT INTO lease VALUES (?, ?, ?, ?)", namespace, id, Labels.encode(Labels.check(labels)), now);
            return new Lease(id, labels, Instant.ofEpochMilli(now));
        });
    }

    public void delete(String namespace, String id) {
        database.transaction(tx -> {
            need(tx, namespace, id);
            tx.update("DELETE FROM resource WHERE namespace = ? AND lease = ?", namespace, id);
            return tx.update("DELETE FROM lease WHERE namespace = ? AND id = ?", namespace, id);
        });
    }

    /** Deletes leases, in all namespaces, whose ids begin with a prefix: their owner is gone. Answers how many there were. */
    public int deleteAll(String prefix) {
        return database.transaction(tx -> {
            int length = prefix.length();
            tx.update("DELETE FROM resource WHERE substr(lease, 1, ?) = ?", length, prefix);
            return tx.update("DELETE FROM lease WHERE substr(id, 1, ?) = ?", length, prefix);
        });
    }

    private static void need(Database.Transaction tx, String namespace, String id) {
        if (tx.first("SELECT 1 FROM lease WHERE namespace = ? AND id = ?", namespace, id) == null) {
            throw ContainerdError.notFound("lease \"" + id + "\"");
        }
    }

    public List<Lease> list(String namespace, Filter filter) {
        return database
                .transaction(tx ->
                        tx.query("SELECT id, labels, created FROM lease WHERE namespace = ? ORDER BY id", namespace))
                .stream()
                .map(row -> new Lease(row.text(0), Labels.decode(row.bytes(1)), Instant.ofEpochMilli(row.number(2))))
                .filter(lease -> filter.matches(path -> switch (path.getFirst()) {
                    case "id" -> Optional.of(lease.id());
                    case "labels" ->
                        Optional.ofNullable(lease.labels().get(String.join(".", path.subList(1, path.size()))));
                    default -> Optional.empty();
                }))
                .toList();
    }

    public void add(String namespace, String lease, Resource resource) {
        database.transaction(tx -> {
            need(tx, namespace, lease);
            return tx.update(
                    "INSERT OR IGNORE INTO resource VALUES (?, ?, ?, ?)",
                    namespace,
                    lease,
                    resource.type(),
                    resource.id());
        });
    }

    public void remove(String namespace, String lease, Resource resource) {
        database.transaction(tx -> {
            need(tx, namespace, lease);
            return tx.update(
                    "DELETE FROM resource WHERE namespace = ? AND lease = ? AND type = ? AND id = ?",
                    namespace,
                    lease,
                    resource.type(),
                    resource.id());
        });
    }

    /** Inside another store's transaction: lets a lease hold something, if there is a lease. */
    public static void hold(Database.Transaction tx, String namespace, String lease, String type, String id) {
        if (!lease.isEmpty()) {
            need(tx, namespace, lease);
            tx.update("INSERT OR IGNORE INTO resource VALUES (?, ?, ?, ?)", namespace, lease, type, id);
        }
    }

    public List<Resource> resources(String namespace, String lease) {
        return database.transaction(tx -> {
            need(tx, namespace, lease);
            return tx
                    .query(
                            "SELECT type, id FROM resource WHERE namespace = ? AND lease = ? ORDER BY type, id",
                            namespace,
                            lease)
                    .stream()
                    .map(row -> new Resource(row.text(0), row.text(1)))
                    .toList();
        });
    }
}
