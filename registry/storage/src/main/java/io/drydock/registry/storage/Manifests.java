package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Manifests and tags of repositories. Safe for threads. */
public final class Manifests {
    private final Layout layout;
    private final Guard guard;
    private final Blobs blobs;
    private final DirectoryNames names = new DirectoryNames();

    Manifests(Layout layout, Guard guard, Blobs blobs) {
        this.layout = layout;
        this.guard = guard;
        this.blobs = blobs;
    }

    /**
     * Stores a manifest under its digest and lets tags stand for it, unless the repository lacks a blob that it needs.
     *
     * @param needed the blobs that must be there
     * @param wanted manifests that it names; they need not be there
     * @param tags that are to stand for it
     * @return the blobs that are missing; nothing was stored unless it is empty
     */
    public List<Digest> put(
            String repository,
            Digest digest,
            byte[] bytes,
            Collection<Digest> needed,
            Collection<Digest> wanted,
            Collection<String> tags)
            throws IOException {
        return guard.use(() -> {
            var missing = new ArrayList<Digest>();
            for (var blob : needed) {
                if (!blobs.reserve(repository, blob)) {
                    missing.add(blob);
                }
            }
            if (!missing.isEmpty()) {
                return missing;
            }
            for (var manifest : wanted) {
                reserve(repository, manifest);
            }
            var blob = layout.blob(digest);
            if (!guard.touch(blob)) {
                Durable.write(blob, bytes);
                guard.touch(blob);
            }
            var revision = layout.revisionLink(repository, digest);
            if (!guard.touch(revision)) {
                Layout.writeLink(revision, digest);
                guard.touch(revision);
            }
            for (var tag : tags) {
                Layout.writeLink(layout.tagHistoryLink(repository, tag, digest), digest);
                Layout.writeLink(layout.tagLink(repository, tag), digest);
            }
            return missing;
        });
    }

    /** Whether the repository has the manifest. If it has, that counts as a use: see {@link #expire}. */
    public boolean has(String repository, Digest digest) throws IOException {
        return guard.use(() -> reserve(repository, digest));
    }

    private boolean reserve(String repository, Digest digest) throws IOException {
        return guard.touch(layout.revisionLink(repository, digest)) && guard.touch(layout.blob(digest));
    }

    /** Removes manifests that were last used before a time, and their tags; how many. */
    public int expire(Instant before) throws IOException {
        int expired = 0;
        for (var repository : repositories()) {
            for (var digest : Layout.links(layout.revisions(repository))) {
                var used = Files.getLastModifiedTime(layout.revisionLink(repository, digest));
                if (used.toInstant().isBefore(before) && delete(repository, digest)) {
                    expired++;
                }
            }
        }
        return expired;
    }

    /** The manifest's bytes if the repository has it. */
    public Optional<byte[]> get(String repository, Digest digest) throws IOException {
        if (!Files.exists(layout.revisionLink(repository, digest))) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readAllBytes(layout.blob(digest)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** What the tag stands for. */
    public Optional<Digest> tagged(String repository, String tag) throws IOException {
        return Layout.readLink(layout.tagLink(repository, tag));
    }

    /** All tags, sorted; empty if the repository does not exist. */
    public Optional<List<String>> tags(String repository) throws IOException {
        if (!Files.isDirectory(layout.repository(repository).resolve("_manifests"))) {
            return Optional.empty();
        }
        return Optional.of(Layout.children(layout.tags(repository)).stream()
                .filter(tag -> Files.exists(tag.resolve("current/link")))
                .map(tag -> tag.getFileName().toString())
                .sorted()
                .toList());
    }

    /** The tags behind a tag, sorted; empty if the repository does not exist. It costs the page, once the names are known. */
    public Optional<Page> tags(String repository, String last, int size) throws IOException {
        if (!Files.isDirectory(layout.repository(repository).resolve("_manifests"))) {
            return Optional.empty();
        }
        var directory = layout.tags(repository);
        var all = names.in(directory);
        int place = Arrays.binarySearch(all, last);
        var found = new ArrayList<String>();
        for (int i = place >= 0 ? place + 1 : -place - 1; i < all.length && found.size() <= size; i++) {
            if (Files.exists(directory.resolve(all[i]).resolve("current/link"))) {
                found.add(all[i]);
            }
        }
        return Optional.of(new Page(List.copyOf(found.subList(0, Math.min(size, found.size()))), found.size() > size));
    }

    /** Removes a tag; its manifest stays. False if there is none. */
    public boolean deleteTag(String repository, String tag) throws IOException {
        return guard.alone(() -> {
            if (!Durable.delete(layout.tagLink(repository, tag))) {
                return false;
            }
            Durable.deleteTree(layout.tags(repository).resolve(tag));
            return true;
        });
    }

    /** Removes a manifest and all tags that stand for it. False if there is none. */
    public boolean delete(String repository, Digest digest) throws IOException {
        var revision = layout.revisionLink(repository, digest);
        deleteTags(repository, digest);
        // who tags it at the same time has done so when this returns, and the tag goes with the second look
        boolean deleted = guard.alone(() -> Durable.delete(revision));
        for (var tag : tagsOf(repository, digest)) {
            guard.alone(() -> !Files.exists(revision) && deleteTag(repository, tag));
        }
        return deleted;
    }

    private void deleteTags(String repository, Digest digest) throws IOException {
        for (var tag : tagsOf(repository, digest)) {
            deleteTag(repository, tag);
        }
    }

    /** The tags that stand for a manifest, sorted. */
    public List<String> tagsOf(String repository, Digest digest) throws IOException {
        var found = new ArrayList<String>();
        for (var tag : tags(repository).orElse(List.of())) {
            if (tagged(repository, tag).filter(digest::equals).isPresent()) {
                found.add(tag);
            }
        }
        return found;
    }

    /** The names behind a name of repositories that have manifests, sorted. */
    public Page repositories(String last, int size) throws IOException {
        return Repositories.page(layout, names, "_manifests", last, size);
    }

    /** The names of all repositories that have manifests, sorted. */
    public List<String> repositories() throws IOException {
        return Repositories.with(layout, "_manifests");
    }
}
