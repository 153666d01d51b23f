package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Upload sessions. Safe for threads. */
public final class Uploads {
    private final Layout layout;
    private final Guard guard;
    private final Blobs blobs;
    private final Map<String, Upload> open = new ConcurrentHashMap<>();

    Uploads(Layout layout, Guard guard, Blobs blobs) {
        this.layout = layout;
        this.guard = guard;
        this.blobs = blobs;
    }

    /** Begins a session. */
    public Upload begin(String repository) throws IOException {
        var id = UUID.randomUUID().toString();
        var directory = layout.upload(repository, id);
        guard.use(() -> {
            Files.createDirectories(directory);
            Files.createFile(directory.resolve("data"));
            return Files.writeString(
                    directory.resolve("startedat"),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        });
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

    /**
     * Ends sessions that began before a time. What Docker's registry does as "uploadpurging".
     *
     * @param dryRun whether only to say which
     * @param log is told of each, in a line
     * @return how many
     */
    public int purge(Instant before, boolean dryRun, Consumer<String> log) throws IOException {
        int purged = 0;
        for (var repository : Repositories.with(layout, "_uploads")) {
            for (var directory : Layout.children(layout.uploads(repository))) {
                var began = began(directory);
                if (began.isPresent() && began.get().isBefore(before)) {
                    log.accept("Purging upload " + directory + ", started at " + began.get());
                    if (!dryRun) {
                        end(repository, directory);
                    }
                    purged++;
                }
            }
        }
        return purged;
    }

    private void end(String repository, Path directory) throws IOException {
        var upload = find(repository, directory.getFileName().toString());
        if (upload.isPresent()) {
            upload.get().cancel();
        } else {
            Durable.deleteTree(directory);
        }
    }

    private static Optional<Instant> began(Path directory) throws IOException {
        try {
            return Optional.of(Instant.parse(
                    Files.readString(directory.resolve("startedat")).strip()));
        } catch (NoSuchFileException | DateTimeParseException e) {
            // killed between making the directory and writing the time
            return Files.isDirectory(directory)
                    ? Optional.of(Files.getLastModifiedTime(directory).toInstant())
                    : Optional.empty();
        }
    }

    void forget(String repository, String id) {
        open.remove(key(repository, id));
    }

    void publish(String repository, Digest digest, Path file) throws IOException {
        blobs.publish(repository, digest, file);
    }
}
