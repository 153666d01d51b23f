package io.drydock.containerd.stores.metadata;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Labels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names for manifests and indexes. A change is on disk when it is answered, as is all that was made before it. */
public final class Images {
    /** An image: a name for the descriptor of a manifest or index. */
    public record Image(
            String name,
            String mediaType,
            String digest,
            long size,
            Map<String, String> labels,
            Instant createdAt,
            Instant updatedAt) {}

    private static final String COLUMNS =
            "SELECT name, media_type, digest, size, labels, created, updated FROM image WHERE namespace = ?";

    private final Database database;

    public Images(Database database) {
        this.database = database;
    }

    private static Image image(Database.Row row) {
        return new Image(
                row.text(0),
                row.text(1),
                row.text(2),
                row.number(3),
                Labels.decode(row.bytes(4)),
                Instant.ofEpochMilli(row.number(5)),
                Instant.ofEpochMilli(row.number(6)));
    }

    public Image get(String namespace, String name) {
        return database.transaction(tx -> get(tx, namespace, name));
    }

    private static Image get(Database.Transaction tx, String namespace, String name) {
        var row = tx.first(COLUMNS + " AND name = ?", namespace, name);
        if (row == null) {
            throw ContainerdError.notFound("image \"" + name + "\"");
        }
        return image(row);
    }

    /** Whether there is an image of this name. */
    public boolean has(String namespace, String name) {
        return database.transaction(
                tx -> tx.has("SELECT 1 FROM image WHERE namespace = ? AND name = ?", namespace, name));
    }

    /** Images in the order of their names. */
    public List<Image> list(String namespace, Filter filter) {
        return database.transaction(tx -> tx.query(COLUMNS + " ORDER BY name", namespace)).stream()
                .map(Images::image)
                .filter(image -> filter.matches(path -> field(image, path)))
                .toList();
    }

    private static Optional<String> field(Image image, List<String> path) {
        return switch (path.getFirst()) {
            case "name" -> Optional.of(image.name());
            case "target" ->
                switch (path.size() > 1 ? path.get(1) : "") {
                    case "digest" -> Optional.of(image.digest());
                    case "mediatype" -> Optional.of(image.mediaType());
                    default -> Optional.empty();
                };
            case "labels" -> Optional.ofNullable(image.labels().get(String.join(".", path.subList(1, path.size()))));
            default -> Optional.empty();
        };
    }

    public Image create(
            String namespace, String name, String mediaType, String digest, long size, Map<String, String> labels) {
        if (name.isEmpty()) {
            throw ContainerdError.invalid("image name must not be empty");
        }
        Labels.check(labels);
        return database.durably(tx -> {
            if (tx.first("SELECT 1 FROM image WHERE namespace = ? AND name = ?", namespace, name) != null) {
                throw ContainerdError.alreadyExists("image \"" + name + "\"");
            }
            Namespaces.need(tx, namespace);
            long now = System.currentTimeMillis();
            tx.update(
                    "INSERT INTO image VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    namespace,
                    name,
                    mediaType,
                    digest,
                    size,
                    Labels.encode(labels),
                    now,
                    now);
            return get(tx, namespace, name);
        });
    }

    /** Changes what the paths name: {@code target}, {@code labels} or {@code labels.KEY}; everything without paths. */
    public Image update(String namespace, Image wanted, List<String> paths) {
        return database.durably(tx -> {
            var old = get(tx, namespace, wanted.name());
            boolean target = paths.isEmpty() || paths.contains("target");
            var from = target ? wanted : old;
            var others = paths.stream().filter(path -> !path.equals("target")).toList();
            var newLabels = paths.isEmpty() || !others.isEmpty()
                    ? Labels.update(old.labels(), wanted.labels(), others, "image \"" + wanted.name() + "\"")
                    : old.labels();
            tx.update(
                    "UPDATE image SET media_type = ?, digest = ?, size = ?, labels = ?, updated = ? WHERE namespace = ? AND name = ?",
                    from.mediaType(),
                    from.digest(),
                    from.size(),
                    Labels.encode(newLabels),
                    System.currentTimeMillis(),
                    namespace,
                    wanted.name());
            return get(tx, namespace, wanted.name());
        });
    }

    /** Creates the image, or gives its name to another target. */
    public Image put(
            String namespace, String name, String mediaType, String digest, long size, Map<String, String> labels) {
        return database.durably(tx -> {
            Namespaces.need(tx, namespace);
            long now = System.currentTimeMillis();
            tx.update(
                    "INSERT INTO image VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (namespace, name) DO UPDATE SET media_type = excluded.media_type,"
                            + " digest = excluded.digest, size = excluded.size, labels = excluded.labels, updated = excluded.updated",
                    namespace,
                    name,
                    mediaType,
                    digest,
                    size,
                    Labels.encode(Labels.check(labels)),
                    now,
                    now);
            return get(tx, namespace, name);
        });
    }

    /** Removes the name; if a digest is given, only while the name stands for it. */
    public void delete(String namespace, String name, String onlyDigest) {
        database.durably(tx -> {
            var image = get(tx, namespace, name);
            if (!onlyDigest.isEmpty() && !onlyDigest.equals(image.digest())) {
                throw ContainerdError.notFound("image \"" + name + "\" with target " + onlyDigest);
            }
            return tx.update("DELETE FROM image WHERE namespace = ? AND name = ?", namespace, name);
        });
    }
}
