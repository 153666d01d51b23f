package io.drydock.containerd.stores.metadata;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Identifiers;
import io.drydock.containerd.core.Labels;
import io.drydock.spec.containerd.types.Sandbox;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The metadata of sandboxes: groups of containers that share what a runtime gives them. */
public final class Sandboxes {
    private static final List<String> CHANGEABLE = List.of("labels", "extensions", "spec");

    private final Database database;

    public Sandboxes(Database database) {
        this.database = database;
    }

    private static Timestamp now() {
        var now = Instant.now();
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano())
                .build();
    }

    private static Sandbox parse(byte[] body) {
        try {
            return Sandbox.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a sandbox in the store is damaged", e);
        }
    }

    private static Sandbox get(Database.Transaction tx, String namespace, String id) {
        var row = tx.first("SELECT body FROM sandbox WHERE namespace = ? AND id = ?", namespace, id);
        if (row == null) {
            throw ContainerdError.notFound("sandbox \"" + id + "\"");
        }
        return parse(row.bytes(0));
    }

    public Sandbox get(String namespace, String id) {
        return database.transaction(tx -> get(tx, namespace, id));
    }

    public List<Sandbox> list(String namespace, Filter filter) {
        return database
                .transaction(tx -> tx.query("SELECT body FROM sandbox WHERE namespace = ? ORDER BY id", namespace))
                .stream()
                .map(row -> parse(row.bytes(0)))
                .filter(sandbox -> filter.matches(path -> switch (path.getFirst()) {
                    case "id" -> Optional.of(sandbox.getSandboxId());
                    case "labels" ->
                        Optional.ofNullable(sandbox.getLabelsMap().get(String.join(".", path.subList(1, path.size()))));
                    default -> Optional.empty();
                }))
                .toList();
    }

    public Sandbox create(String namespace, Sandbox wanted) {
        Identifiers.check(wanted.getSandboxId());
        Labels.check(wanted.getLabelsMap());
        var time = now();
        var sandbox = wanted.toBuilder().setCreatedAt(time).setUpdatedAt(time).build();
        return database.transaction(tx -> {
            if (tx.has("SELECT 1 FROM sandbox WHERE namespace = ? AND id = ?", namespace, wanted.getSandboxId())) {
                throw ContainerdError.alreadyExists("sandbox \"" + wanted.getSandboxId() + "\"");
            }
            Namespaces.need(tx, namespace);
            tx.update("INSERT INTO sandbox VALUES (?, ?, ?)", namespace, sandbox.getSandboxId(), sandbox.toByteArray());
            return sandbox;
        });
    }

    /** Changes what the paths name; everything that may change without paths. */
    public Sandbox update(String namespace, Sandbox wanted, List<String> paths) {
        return database.transaction(tx -> {
            var old = get(tx, namespace, wanted.getSandboxId());
            if (paths.isEmpty()
                    && !wanted.getRuntime().getName().equals(old.getRuntime().getName())) {
                throw ContainerdError.invalid("sandbox.Runtime.Name field is immutable");
            }
            var changed = old.toBuilder().setUpdatedAt(now());
            for (var path : paths.isEmpty() ? CHANGEABLE : paths) {
                change(changed, wanted, path);
            }
            var sandbox = changed.build();
            tx.update(
                    "UPDATE sandbox SET body = ? WHERE namespace = ? AND id = ?",
                    sandbox.toByteArray(),
                    namespace,
                    sandbox.getSandboxId());
            return sandbox;
        });
    }

    private static void change(Sandbox.Builder sandbox, Sandbox wanted, String path) {
        if (path.startsWith("labels.")) {
            var key = path.substring("labels.".length());
            sandbox.putLabels(key, wanted.getLabelsOrDefault(key, ""));
            Labels.check(sandbox.getLabelsMap());
            return;
        }
        if (path.startsWith("extensions.")) {
            var key = path.substring("extensions.".length());
            var extension = wanted.getExtensionsMap().get(key);
            if (extension == null) {
                sandbox.removeExtensions(key);
            } else {
                sandbox.putExtensions(key, extension);
            }
            return;
        }
        switch (path) {
            case "labels" -> sandbox.clearLabels().putAllLabels(Labels.check(wanted.getLabelsMap()));
            case "extensions" -> sandbox.clearExtensions().putAllExtensions(wanted.getExtensionsMap());
            case "spec" -> sandbox.setSpec(wanted.getSpec());
            case "runtime" -> sandbox.setRuntime(wanted.getRuntime());
            default ->
                throw ContainerdError.invalid(
                        "cannot update \"" + path + "\" field on sandbox \"" + wanted.getSandboxId() + "\"");
        }
    }

    public void delete(String namespace, String id) {
        database.transaction(tx -> {
            get(tx, namespace, id);
            return tx.update("DELETE FROM sandbox WHERE namespace = ? AND id = ?", namespace, id);
        });
    }
}
