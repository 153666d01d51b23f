package io.drydock.containerd.stores.metadata;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Identifiers;
import io.drydock.containerd.core.Labels;
import java.util.LinkedHashMap;
import java.util.Map;

/** The partitions of all names. One comes into being with its first object, too. */
public final class Namespaces {
    private static final String[] OBJECTS = {"image", "container", "sandbox", "content", "snapshot", "lease"};

    private final Database database;

    public Namespaces(Database database) {
        this.database = database;
    }

    /** Makes the namespace if it is not there. */
    public static void need(Database.Transaction tx, String namespace) {
        if (tx.first("SELECT 1 FROM namespace WHERE name = ?", namespace) == null) {
            tx.update("INSERT INTO namespace VALUES (?, ?)", Identifiers.check(namespace), new byte[0]);
        }
    }

    /** Labels by name, in the order of the names. */
    public Map<String, Map<String, String>> list() {
        return database.transaction(tx -> {
            var all = new LinkedHashMap<String, Map<String, String>>();
            for (var row : tx.query("SELECT name, labels FROM namespace ORDER BY name")) {
                all.put(row.text(0), Labels.decode(row.bytes(1)));
            }
            return all;
        });
    }

    /** A namespace's labels; none if it does not exist, which clients that only look for defaults rely on. */
    public Map<String, String> labels(String name) {
        return database.transaction(tx -> {
            var row = tx.first("SELECT labels FROM namespace WHERE name = ?", name);
            return row == null ? Map.of() : Labels.decode(row.bytes(0));
        });
    }

    public void create(String name, Map<String, String> labels) {
        Identifiers.check(name);
        Labels.check(labels);
        database.transaction(tx -> {
            if (tx.first("SELECT 1 FROM namespace WHERE name = ?", name) != null) {
                throw ContainerdError.alreadyExists("namespace \"" + name + "\"");
            }
            return tx.update("INSERT INTO namespace VALUES (?, ?)", name, Labels.encode(labels));
        });
    }

    public Map<String, String> update(String name, Map<String, String> labels, Iterable<String> paths) {
        var updated = Labels.update(labels(name), labels, paths, "namespace \"" + name + "\"");
        database.transaction(tx -> {
            need(tx, name);
            return tx.update("UPDATE namespace SET labels = ? WHERE name = ?", Labels.encode(updated), name);
        });
        return updated;
    }

    /** Removes an empty namespace; FAILED_PRECONDITION if it is not. */
    public void delete(String name) {
        database.transaction(tx -> {
            if (tx.first("SELECT 1 FROM namespace WHERE name = ?", name) == null) {
                throw ContainerdError.notFound("namespace \"" + name + "\"");
            }
            for (var table : OBJECTS) {
                if (tx.first("SELECT 1 FROM " + table + " WHERE namespace = ? LIMIT 1", name) != null) {
                    throw ContainerdError.failedPrecondition(
                            "namespace \"" + name + "\" must be empty, but it still has "
                                    + (table.equals("content") ? "blobs" : table + "s"));
                }
            }
            return tx.update("DELETE FROM namespace WHERE name = ?", name);
        });
    }
}
