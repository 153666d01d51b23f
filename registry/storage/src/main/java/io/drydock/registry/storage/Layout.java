package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Where things are, and how a small file is written and read. Names must have been checked with {@link Names}. */
final class Layout {
    private final Path blobs;
    private final Path repositories;
    private final Path damaged;

    Layout(Path root) {
        this.damaged = root.resolve(".drydock/damaged");
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
        return link(layers(name), digest);
    }

    Path revisionLink(String name, Digest digest) {
        return link(revisions(name), digest);
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

    Path uploads(String name) {
        return repository(name).resolve("_uploads");
    }

    Path upload(String name, String id) {
        return uploads(name).resolve(id);
    }

    Path blobs() {
        return blobs;
    }

    /** Where a blob is put whose bytes have been found wrong. */
    Path damaged(Digest digest) {
        return damaged.resolve(digest.algorithm() + "-" + digest.hex());
    }

    Path layers(String name) {
        return repository(name).resolve("_layers");
    }

    Path revisions(String name) {
        return repository(name).resolve("_manifests/revisions");
    }

    /** What names a manifest as its subject. */
    Path referrers(String name, Digest subject) {
        return referrers(name).resolve(subject.algorithm()).resolve(subject.hex());
    }

    Path referrers(String name) {
        return repository(name).resolve("_manifests/referrers");
    }

    Path referrerLink(String name, Digest subject, Digest referrer) {
        return link(referrers(name, subject), referrer);
    }

    /** The digests of the links in a directory of {@code ALG/HEX/link}; what is not one is passed over. */
    static List<Digest> links(Path directory) throws IOException {
        var found = new ArrayList<Digest>();
        for (var algorithm : children(directory)) {
            for (var hex : children(algorithm)) {
                var text = algorithm.getFileName() + ":" + hex.getFileName();
                if (Digest.isDigest(text) && Files.exists(hex.resolve("link"))) {
                    found.add(Digest.parse(text));
                }
            }
        }
        return found;
    }

    /** What is in a directory, sorted; nothing if it is none. */
    static List<Path> children(Path directory) throws IOException {
        try (var all = Files.list(directory)) {
            return all.sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
    }

    /** The directory that a path below the root is in. */
    static Path directory(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    private static Path link(Path directory, Digest digest) {
        return directory.resolve(digest.algorithm()).resolve(digest.hex()).resolve("link");
    }

    static void writeLink(Path link, Digest digest) throws IOException {
        Durable.write(link, digest.toString().getBytes(StandardCharsets.US_ASCII));
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
}
