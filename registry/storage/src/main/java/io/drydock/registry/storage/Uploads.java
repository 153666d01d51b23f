package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
    private final Driver driver;
    private final Guard guard;
    private final Blobs blobs;
    private final Map<String, Upload> open = new ConcurrentHashMap<>();

    Uploads(Driver driver, Guard guard, Blobs blobs) {
        this.driver = driver;
        this.guard = guard;
        this.blobs = blobs;
    }

    /** Begins a session. */
    public Upload begin(String repository) throws IOException {
        var id = UUID.randomUUID().toString();
        var directory = Layout.upload(repository, id);
        guard.use(() -> {
            driver.append(directory + "/data").close();
            driver.writeLightly(
                    directory + "/startedat",
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString().getBytes(StandardCharsets.US_ASCII));
            return true;
        });
        var upload = new SessionUpload(driver, this, repository, id);
        open.put(key(repository, id), upload);
        return upload;
    }

    /** Begins the upload of a blob that is named before it comes. Only who has the object can go on with it. */
    public Upload begin(String repository, Digest digest) throws IOException {
        var file = driver.create(Layout.blob(digest));
        return file.isPresent() ? new NamedUpload(blobs, repository, digest, file.get()) : begin(repository);
    }

    private static String key(String repository, String id) {
        return repository + "/" + id;
    }

    /** A session by its id, also one that an earlier process began. */
    public Optional<Upload> find(String repository, String id) throws IOException {
        if (!isUuid(id)) {
            return Optional.empty();
        }
        var known = open.get(key(repository, id));
        if (known != null) {
            return Optional.of(known);
        }
        if (driver.appended(Layout.upload(repository, id) + "/data").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                open.computeIfAbsent(key(repository, id), key -> new SessionUpload(driver, this, repository, id)));
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
        for (var repository : Repositories.with(driver, "_uploads")) {
            for (var id : driver.list(Layout.uploads(repository))) {
                var began = began(Layout.upload(repository, id));
                if (began.isPresent() && began.get().isBefore(before)) {
                    log.accept("Purging upload " + Layout.upload(repository, id) + ", started at " + began.get());
                    if (!dryRun) {
                        end(repository, id);
                    }
                    purged++;
                }
            }
        }
        return purged;
    }

    private void end(String repository, String id) throws IOException {
        var upload = find(repository, id);
        if (upload.isPresent()) {
            upload.get().cancel();
        } else {
            driver.deleteTree(Layout.upload(repository, id));
        }
    }

    private Optional<Instant> began(String directory) throws IOException {
        var text = driver.read(directory + "/startedat");
        if (text.isPresent()) {
            try {
                return Optional.of(Instant.parse(new String(text.get(), StandardCharsets.US_ASCII).strip()));
            } catch (DateTimeParseException e) {
                // killed while writing it
                return driver.stat(directory).map(Driver.Stat::modified);
            }
        }
        // killed between making the directory and writing the time
        return driver.stat(directory).map(Driver.Stat::modified);
    }

    void forget(String repository, String id) {
        open.remove(key(repository, id));
    }

    void publish(String repository, Digest digest, String file) throws IOException {
        blobs.publish(repository, digest, file);
    }
}
