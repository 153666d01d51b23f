package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.UUID;

/** Where things are, and how a small file is written and read. Names must have been checked with {@link Names}. */
final class Layout {
    private final Path blobs;
    private final Path repositories;

    Layout(Path root) {
        var v2 = root.resolve("docker/registry/v2");
        this.blobs = v2.resolve("blobs");
        this.repositories = v2.resolve("repositories");
    }

    Path repositories() {
        return repositories;
    }

    Path repository(String name) {
        return repositories.resolve(name);
    }

    Path blob(Digest digest) {
        return blobs.resolve(digest.algorithm())
                .resolve(digest.hex().substring(0, 2))
                .resolve(digest.hex())
                .resolve("data");
    }

    Path layerLink(String name, Digest digest) {
        return link(repository(name).resolve("_layers"), digest);
    }

    Path revisionLink(String name, Digest digest) {
        return link(repository(name).resolve("_manifests/revisions"), digest);
    }

    Path tags(String name) {
        return repository(name).resolve("_manifests/tags");
    }

    Path tagLink(String name, String tag) {
        return tags(name).resolve(tag).resolve("current/link");
    }

    Path tagHistoryLink(String name, String tag, Digest digest) {
        return link(tags(name).resolve(tag).resolve("index"), digest);
    }

    Path upload(String name, String id) {
        return repository(name).resolve("_uploads").resolve(id);
    }

    private static Path link(Path directory, Digest digest) {
        return directory.resolve(digest.algorithm()).resolve(digest.hex()).resolve("link");
    }

    /** Replaces a small file as a whole. */
    static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        var aside = file.resolveSibling("." + UUID.randomUUID());
        boolean done = false;
        try {
            try (var out = FileChannel.open(aside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var buffer = java.nio.ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                out.force(false);
            }
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(aside);
            }
        }
    }

    static void writeLink(Path link, Digest digest) throws IOException {
        write(link, digest.toString().getBytes(StandardCharsets.US_ASCII));
    }

    static Optional<Digest> readLink(Path link) throws IOException {
        try {
            return Optional.of(Digest.parse(
                    Files.readString(link, StandardCharsets.US_ASCII).strip()));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new IOException("damaged link " + link, e);
        }
    }

    /** Removes a directory with all that is in it; nothing happens if it is not there. */
    static void deleteTree(Path directory) throws IOException {
        try (var tree = Files.walk(directory)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            return; // somebody else removes it
        }
    }
}
