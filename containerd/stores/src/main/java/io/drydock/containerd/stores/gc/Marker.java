package io.drydock.containerd.stores.gc;

import io.drydock.containerd.core.Labels;
import io.drydock.containerd.stores.metadata.Database.Transaction;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds what can be reached, inside one transaction. */
final class Marker {
    /** A blob ({@code kind} is "content") or a snapshot (its snapshotter), by namespace and name. */
    record Node(String namespace, String kind, String name) {}

    static final String CONTENT = "content";

    private final Transaction tx;
    private final Instant now;
    private final Map<Node, List<Node>> edges = new HashMap<>();
    private final Set<Node> reached = new HashSet<>();
    private final ArrayDeque<Node> work = new ArrayDeque<>();
    private final List<String[]> expiredImages = new ArrayList<>();
    private final List<String[]> expiredLeases = new ArrayList<>();

    Marker(Transaction tx, Instant now) {
        this.tx = tx;
        this.now = now;
    }

    /** Namespace and name of images whose time is over. */
    List<String[]> expiredImages() {
        return expiredImages;
    }

    /** Namespace and id of leases whose time is over. */
    List<String[]> expiredLeases() {
        return expiredLeases;
    }

    /** All blobs and snapshots that nothing reaches. */
    List<Node> unreachable() {
        content();
        snapshots();
        images();
        leases();
        containers();
        while (!work.isEmpty()) {
            edges.getOrDefault(work.pop(), List.of()).forEach(this::reach);
        }
        return edges.keySet().stream().filter(node -> !reached.contains(node)).toList();
    }

    private void reach(Node node) {
        if (reached.add(node)) {
            work.push(node);
        }
    }

    private void content() {
        for (var row : tx.query("SELECT namespace, digest, labels FROM content")) {
            var node = new Node(row.text(0), CONTENT, row.text(1));
            edges.put(node, references(node, Labels.decode(row.bytes(2))));
        }
    }

    private void snapshots() {
        for (var row : tx.query("SELECT namespace, snapshotter, name, parent, kind, labels FROM snapshot")) {
            var node = new Node(row.text(0), row.text(1), row.text(2));
            var references = references(node, Labels.decode(row.bytes(5)));
            if (!row.text(3).isEmpty()) {
                references.add(new Node(node.namespace(), node.kind(), row.text(3)));
            }
            edges.put(node, references);
            if (!row.text(4).equals("COMMITTED") && !node.name().startsWith("extract-")) {
                reach(node);
            }
        }
    }

    private List<Node> references(Node from, Map<String, String> labels) {
        var references = new ArrayList<Node>();
        labels.forEach((key, value) -> {
            if (key.equals(Labels.GC_ROOT)) {
                reach(from);
            } else if (key.startsWith(Labels.GC_REF_CONTENT)) {
                references.add(new Node(from.namespace(), CONTENT, value));
            } else if (key.startsWith(Labels.GC_REF_SNAPSHOT)) {
                var snapshotter = key.substring(Labels.GC_REF_SNAPSHOT.length());
                int slash = snapshotter.indexOf('/');
                references.add(
                        new Node(from.namespace(), slash < 0 ? snapshotter : snapshotter.substring(0, slash), value));
            }
        });
        return references;
    }

    private void images() {
        for (var row : tx.query("SELECT namespace, name, digest, labels FROM image")) {
            var labels = Labels.decode(row.bytes(3));
            if (isExpired(labels)) {
                expiredImages.add(new String[] {row.text(0), row.text(1)});
                continue;
            }
            reach(new Node(row.text(0), CONTENT, row.text(2)));
            references(new Node(row.text(0), "image", row.text(1)), labels).forEach(this::reach);
        }
    }

    private void leases() {
        var live = new HashSet<List<String>>();
        for (var row : tx.query("SELECT namespace, id, labels FROM lease")) {
            if (isExpired(Labels.decode(row.bytes(2)))) {
                expiredLeases.add(new String[] {row.text(0), row.text(1)});
            } else {
                live.add(List.of(row.text(0), row.text(1)));
            }
        }
        for (var row : tx.query("SELECT namespace, lease, type, id FROM resource")) {
            if (!live.contains(List.of(row.text(0), row.text(1)))) {
                continue;
            }
            var type = row.text(2);
            if (type.equals(CONTENT)) {
                reach(new Node(row.text(0), CONTENT, row.text(3)));
            } else if (type.startsWith("snapshots/")) {
                reach(new Node(row.text(0), type.substring("snapshots/".length()), row.text(3)));
            } else if (type.equals("images")) {
                var image =
                        tx.first("SELECT digest FROM image WHERE namespace = ? AND name = ?", row.text(0), row.text(3));
                if (image != null) {
                    reach(new Node(row.text(0), CONTENT, image.text(0)));
                }
            }
        }
    }

    private void containers() {
        for (var row :
                tx.query("SELECT namespace, snapshotter, snapshot_key FROM container WHERE snapshot_key <> ''")) {
            reach(new Node(row.text(0), row.text(1), row.text(2)));
        }
    }

    /** A time that cannot be read never comes: what carries it is kept. */
    private boolean isExpired(Map<String, String> labels) {
        var expire = labels.get(Labels.GC_EXPIRE);
        if (expire == null) {
            return false;
        }
        try {
            return OffsetDateTime.parse(expire).toInstant().isBefore(now);
        } catch (DateTimeException e) {
            return false;
        }
    }
}
