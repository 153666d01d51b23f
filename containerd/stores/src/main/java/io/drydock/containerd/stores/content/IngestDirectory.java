package io.drydock.containerd.stores.content;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The files of one ingest: {@code ref} tells namespace, ref, total and expected digest in a line each; {@code data} the bytes. */
record IngestDirectory(Path path, String ref, long total, String expected, Instant startedAt) {

    static Path path(Path ingests, String namespace, String ref) {
        return ingests.resolve(Digest.sha256((namespace + "/" + ref).getBytes(StandardCharsets.UTF_8))
                .hex());
    }

    /**
     * Opens the directory, new or as it was left.
     *
     * @throws ContainerdError FAILED_PRECONDITION if it was begun with another size
     */
    static IngestDirectory open(Path path, String namespace, String ref, long total, String expected)
            throws IOException {
        var lines = lines(path);
        if (lines == null) {
            Files.createDirectories(path);
            Files.deleteIfExists(path.resolve("data"));
            Files.createFile(path.resolve("data"));
            Files.writeString(path.resolve("ref"), namespace + "\n" + total + "\n" + expected + "\n" + ref);
            return new IngestDirectory(path, ref, total, expected, Instant.now());
        }
        long earlier = Long.parseLong(lines[1]);
        if (total > 0 && earlier > 0 && total != earlier) {
            throw ContainerdError.failedPrecondition("provided total differs from status: " + total + " != " + earlier);
        }
        return new IngestDirectory(
                path, ref, Math.max(total, earlier), expected.isEmpty() ? lines[2] : expected, started(path));
    }

    private static Instant started(Path path) throws IOException {
        return Files.getLastModifiedTime(path.resolve("ref")).toInstant();
    }

    /** Namespace, total, expected digest, ref; null if there is no ingest (or one that was never wholly begun). */
    private static String @Nullable [] lines(Path path) {
        try {
            if (!Files.exists(path.resolve("data"))) {
                return null;
            }
            var lines = Files.readString(path.resolve("ref")).split("\n", 4);
            return lines.length == 4 ? lines : null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            throw new ContainerdError(ContainerdError.Code.INTERNAL, "read ingest " + path + ": " + e.getMessage(), e);
        }
    }

    /** The namespace that the ingest belongs to, empty if there is none. */
    static String namespace(Path path) {
        var lines = lines(path);
        return lines == null ? "" : lines[0];
    }

    /** How far it is; null if there is no such ingest in the namespace. */
    static ContentStore.@Nullable Status status(Path path, String namespace) {
        var lines = lines(path);
        if (lines == null || !lines[0].equals(namespace)) {
            return null;
        }
        try {
            Path data = path.resolve("data");
            return new ContentStore.Status(
                    lines[3],
                    Files.size(data),
                    Long.parseLong(lines[1]),
                    lines[2],
                    started(path),
                    Files.getLastModifiedTime(data).toInstant());
        } catch (NoSuchFileException e) {
            return null; // committed or aborted just now
        } catch (IOException e) {
            throw new ContainerdError(ContainerdError.Code.INTERNAL, "read ingest " + path + ": " + e.getMessage(), e);
        }
    }

    Path data() {
        return path.resolve("data");
    }

    static void remove(Path path) {
        try {
            Files.deleteIfExists(path.resolve("ref"));
            Files.deleteIfExists(path.resolve("data"));
            Files.deleteIfExists(path);
        } catch (IOException e) {
            throw new ContainerdError(
                    ContainerdError.Code.INTERNAL, "remove ingest " + path + ": " + e.getMessage(), e);
        }
    }
}
