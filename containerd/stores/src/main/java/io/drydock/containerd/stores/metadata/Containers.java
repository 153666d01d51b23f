package io.drydock.containerd.stores.metadata;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Identifiers;
import io.drydock.containerd.core.Labels;
import io.drydock.spec.containerd.services.containers.v1.Container;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Containers. They are kept as the message that clients send, with what the collector needs in columns of its own. */
public final class Containers {
    private final Database database;

    public Containers(Database database) {
        this.database = database;
    }

    private static Container parse(byte[] body) {
        try {
            return Container.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new ContainerdError(ContainerdError.Code.INTERNAL, "a container in the store is damaged", e);
        }
    }

    private static Timestamp now() {
        var now = Instant.now();
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }

    public Container get(String namespace, String id) {
        return database.transaction(tx -> get(tx, namespace, id));
    }

    private static Container get(Database.Transaction tx, String namespace, String id) {
        var row = tx.first("SELECT body FROM container WHERE namespace = ? AND id = ?", namespace, id);
        if (row == null) {
            throw ContainerdError.notFound("container \"" + id + "\" in namespace \"" + namespace + "\"");
        }
        return parse(row.bytes(0));
    }

    public List<Container> list(String namespace, Filter filter) {
        return database
                .transaction(tx -> tx.query("SELECT body FROM container WHERE namespace = ? ORDER BY id", namespace))
                .stream()
                .map(row -> parse(row.bytes(0)))
                .filter(container -> filter.matches(path -> field(container, path)))
                .toList();
    }

    private static Optional<String> field(Container container, List<String> path) {
        return switch (path.getFirst()) {
            case "id" -> Optional.of(container.getId());
            case "image" -> Optional.of(container.getImage());
            case "runtime" ->
                path.size() > 1 && path.get(1).equals("name")
                        ? Optional.of(container.getRuntime().getName())
                        : Optional.empty();
            case "labels" ->
                Optional.ofNullable(container.getLabelsMap().get(String.join(".", path.subList(1, path.size()))));
            default -> Optional.empty();
        };
    }

    public Container create(String namespace, Container wanted) {
        Identifiers.check(wanted.getId());
        Labels.check(wanted.getLabelsMap());
        if (wanted.getRuntime().getName().isEmpty()) {
            throw ContainerdError.invalid("container.Runtime.Name must be set");
        }
        if (wanted.getSpec().getTypeUrl().isEmpty()) {
            throw ContainerdError.invalid("container.Spec must be set");
        }
        if (!wanted.getSnapshotKey().isEmpty() && wanted.getSnapshotter().isEmpty()) {
            throw ContainerdError.invalid("container.Snapshotter must be set if container.SnapshotKey is set");
        }
        var time = now();
        var container = wanted.toBuilder().setCreatedAt(time).setUpdatedAt(time).build();
        return database.transaction(tx -> {
            if (tx.first("SELECT 1 FROM container WHERE namespace = ? AND id = ?", namespace, wanted.getId()) != null) {
                throw ContainerdError.alreadyExists("container \"" + wanted.getId() + "\"");
            }
            Namespaces.need(tx, namespace);
            tx.update(
                    "INSERT INTO container VALUES (?, ?, ?, ?, ?, ?)",
                    namespace,
                    container.getId(),
                    container.toByteArray(),
                    container.getSnapshotter(),
                    container.getSnapshotKey(),
                    container.getImage());
            return container;
        });
    }

    /** Changes what the paths name; everything that may change without paths. */
    public Container update(String namespace, Container wanted, List<String> paths) {
        return database.transaction(tx -> {
            var old = get(tx, namespace, wanted.getId());
            if (paths.isEmpty() && !wanted.getSnapshotter().equals(old.getSnapshotter())) {
                throw ContainerdError.invalid("container.Snapshotter field is immutable");
            }
            if (paths.isEmpty()
                    && !wanted.getRuntime().getName().equals(old.getRuntime().getName())) {
                throw ContainerdError.invalid("container.Runtime.Name field is immutable");
            }
            var changed = old.toBuilder().setUpdatedAt(now());
            for (var path : paths.isEmpty() ? List.of("labels", "spec", "extensions", "image", "snapshotkey") : paths) {
                change(changed, wanted, path);
            }
            var container = changed.build();
            tx.update(
                    "UPDATE container SET body = ?, snapshotter = ?, snapshot_key = ?, image = ? WHERE namespace = ? AND id = ?",
                    container.toByteArray(),
                    container.getSnapshotter(),
                    container.getSnapshotKey(),
                    container.getImage(),
                    namespace,
                    container.getId());
            return container;
        });
    }

    private static void change(Container.Builder container, Container wanted, String path) {
        if (path.startsWith("labels.")) {
            var updated = Labels.update(container.getLabelsMap(), wanted.getLabelsMap(), List.of(path), "container");
            container.clearLabels().putAllLabels(updated);
            return;
        }
        if (path.startsWith("extensions.")) {
            var key = path.substring(11);
            var extension = wanted.getExtensionsMap().get(key);
            if (extension == null) {
                container.removeExtensions(key);
            } else {
                container.putExtensions(key, extension);
            }
            return;
        }
        switch (path) {
            case "labels" -> container.clearLabels().putAllLabels(Labels.check(wanted.getLabelsMap()));
            case "spec" -> container.setSpec(wanted.getSpec());
            case "extensions" -> container.clearExtensions().putAllExtensions(wanted.getExtensionsMap());
            case "image" -> container.setImage(wanted.getImage());
            case "snapshotkey" -> container.setSnapshotKey(wanted.getSnapshotKey());
            default ->
                throw ContainerdError.invalid("cannot update \"" + path + "\" field on \"" + wanted.getId() + "\"");
        }
    }

    public void delete(String namespace, String id) {
        database.transaction(tx -> {
            get(tx, namespace, id);
            return tx.update("DELETE FROM container WHERE namespace = ? AND id = ?", namespace, id);
        });
    }
}
