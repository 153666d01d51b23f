package io.drydock.containerd.stores.gc;

import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.stores.metadata.Database.Transaction;
import io.drydock.spec.containerd.services.containers.v1.Container;
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
    static final String CONTENT = "content";
    static final String IMAGE = "image";
    private static final String CONTAINER = "container";

    private final Transaction tx;
    private final Instant now;
    private final Map<Node, List<Node>> edges = new HashMap<>();
    private final Set<Node> collectable = new HashSet<>();
    private final Set<Node> reached = new HashSet<>();
    /** Held by flat leases: kept, without what they refer to. */
    private final Set<Node> heldAlone = new HashSet<>();

    private final ArrayDeque<Node> work = new ArrayDeque<>();
    private final List<Lease> expired = new ArrayList<>();

    private record Lease(String namespace, String id) {}

    private Marker(Transaction tx, Instant now) {
        this.tx = tx;
        this.now = now;
    }

    static Garbage find(Transaction tx, Instant now) {
        var marker = new Marker(tx, now);
        marker.content();
        marker.snapshots();
        marker.images();
        marker.containers();
        marker.leases();
        while (!marker.work.isEmpty()) {
            marker.edges.getOrDefault(marker.work.pop(), List.of()).forEach(marker::reach);
        }
        var garbage = new HashSet<>(marker.collectable);
        garbage.removeAll(marker.reached);
        garbage.removeAll(marker.heldAlone);
        return new Garbage(
                garbage,
                marker.edges,
                marker.expired.stream()
                        .map(lease -> new Node(lease.namespace(), "lease", lease.id()))
                        .toList());
    }

    private void reach(Node node) {
        if (reached.add(node)) {
            work.push(node);
        }
    }

    private void edge(Node from, Node to) {
        edges.computeIfAbsent(from, node -> new ArrayList<>()).add(to);
    }

    private void content() {
        for (var row : tx.query("SELECT namespace, digest, labels FROM content")) {
            var node = new Node(row.text(0), CONTENT, row.text(1));
            collectable.add(node);
            labels(node, Labels.decode(row.bytes(2)));
        }
    }

    private void snapshots() {
        for (var row : tx.query("SELECT namespace, snapshotter, name, parent, kind, labels FROM snapshot")) {
            var node = new Node(row.text(0), row.text(1), row.text(2));
            collectable.add(node);
            labels(node, Labels.decode(row.bytes(5)));
            if (!row.text(3).isEmpty()) {
                edge(node, new Node(node.namespace(), node.kind(), row.text(3)));
            }
            if (!row.text(4).equals("COMMITTED") && !node.name().startsWith("extract-")) {
                reach(node);
            }
        }
    }

    private void images() {
        for (var row : tx.query("SELECT namespace, name, digest, labels FROM image")) {
            var node = new Node(row.text(0), IMAGE, row.text(1));
            var labels = Labels.decode(row.bytes(3));
            edge(node, new Node(row.text(0), CONTENT, row.text(2)));
            labels(node, labels);
            if (isExpired(labels)) {
                collectable.add(node);
            } else {
                reach(node);
            }
        }
    }

    private void containers() {
        for (var row : tx.query("SELECT namespace, id, snapshotter, snapshot_key, body FROM container")) {
            var node = new Node(row.text(0), CONTAINER, row.text(1));
            if (!row.text(3).isEmpty()) {
                edge(node, new Node(row.text(0), row.text(2), row.text(3)));
            }
            try {
                labels(node, Container.parseFrom(row.bytes(4)).getLabelsMap());
            } catch (InvalidProtocolBufferException e) {
                throw new IllegalStateException("container " + row.text(1) + " in the store is damaged", e);
            }
            reach(node);
        }
    }

    /** The edges that a thing's labels make, in both directions, and whether they make it a root. */
    private void labels(Node node, Map<String, String> labels) {
        labels.forEach((key, value) -> {
            if (key.equals(Labels.GC_ROOT)) {
                reach(node);
            } else if (key.equals(Labels.GC_EXPIRE) && !isExpired(labels)) {
                reach(node);
            } else if (key.startsWith(Labels.GC_REF_CONTENT)) {
                edge(node, new Node(node.namespace(), CONTENT, value));
            } else if (key.startsWith(Labels.GC_REF_IMAGE)) {
                edge(node, new Node(node.namespace(), IMAGE, value));
            } else if (key.startsWith(Labels.GC_REF_SNAPSHOT)) {
                edge(node, new Node(node.namespace(), first(key, Labels.GC_REF_SNAPSHOT), value));
            } else if (key.startsWith(Labels.GC_BACK_REF)) {
                backwards(node, key.substring(Labels.GC_BACK_REF.length()), value);
            }
        });
    }

    private void backwards(Node node, String kind, String value) {
        if (kind.startsWith("snapshot.")) {
            edge(new Node(node.namespace(), first(kind, "snapshot."), value), node);
            return;
        }
        for (var known : List.of(CONTENT, IMAGE, CONTAINER)) {
            if (kind.startsWith(known)) {
                edge(new Node(node.namespace(), known, value), node);
            }
        }
    }

    /** The snapshotter in a label's key: between the prefix and a slash, if there is one. */
    private static String first(String key, String prefix) {
        int slash = key.indexOf('/', prefix.length());
        return key.substring(prefix.length(), slash < 0 ? key.length() : slash);
    }

    private void leases() {
        var flat = new HashMap<Lease, Boolean>();
        for (var row : tx.query("SELECT namespace, id, labels FROM lease")) {
            var lease = new Lease(row.text(0), row.text(1));
            var labels = Labels.decode(row.bytes(2));
            if (isExpired(labels)) {
                expired.add(lease);
            } else {
                flat.put(lease, labels.containsKey(Labels.GC_FLAT));
            }
        }
        for (var row : tx.query("SELECT namespace, lease, type, id FROM resource")) {
            var alone = flat.get(new Lease(row.text(0), row.text(1)));
            if (alone != null) {
                held(row.text(0), row.text(2), row.text(3), alone);
            }
        }
    }

    private void held(String namespace, String type, String id, boolean alone) {
        String kind;
        if (type.equals(CONTENT)) {
            kind = CONTENT;
        } else if (type.startsWith("snapshots/")) {
            kind = type.substring("snapshots/".length());
        } else if (type.equals("images")) {
            kind = IMAGE;
        } else {
            return; // ingests are kept by the content store
        }
        var node = new Node(namespace, kind, id);
        if (!alone) {
            reach(node);
            return;
        }
        heldAlone.add(node);
        if (kind.equals(IMAGE)) {
            edges.getOrDefault(node, List.of()).stream()
                    .filter(to -> to.kind().equals(CONTENT))
                    .findFirst()
                    .ifPresent(heldAlone::add);
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
