package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Upload sessions. Safe for threads. */
public final class Uploads {
    private final Layout layout;
    private final Blobs blobs;
    private final Map<String, Upload> open = new ConcurrentHashMap<>();

    Uploads(Layout layout, Blobs blobs) {
        this.layout = layout;
        this.blobs = blobs;
    }

    /** Begins a session. */
    public Upload begin(String repository) throws IOException {
        var id = UUID.randomUUID().toString();
        var directory = layout.upload(repository, id);
        Files.createDirectories(directory);
        Files.createFile(directory.resolve("data"));
        Files.writeString(
                directory.resolve("startedat"),
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        var upload = new Upload(this, repository, id, directory);
        open.put(key(repository, id), upload);
        return upload;
    }

    private static String key(String repository, String id) {
        return repository + "/" + id;
    }

    /** A session by its id, also one that an earlier process began. */
    public Optional<Upload> find(String repository, String id) {
        if (!isUuid(id)) {
            return Optional.empty();
        }
        var known = open.get(key(repository, id));
        if (known != null) {
            return Optional.of(known);
        }
        return Upload.existing(this, repository, id, layout.upload(repository, id))
                .map(found -> {
                    var other = open.putIfAbsent(key(repository, id), found);
                    return other == null ? found : other;
                });
    }

    private static boolean isUuid(String id) {
        try {
            return UUID.fromString(id).toString().equals(id);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    void forget(String repository, String id) {
        open.remove(key(repository, id));
    }

    void publish(String repository, Digest digest, Path file) throws IOException {
        blobs.publish(repository, digest, file);
    }
}
