package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Removes what nothing refers to, while pushes and pulls go on: manifests without a tag if asked to, links to blobs that no
 * manifest of their repository names, repositories that are empty, and then the blobs that no repository has.
 */
public final class Garbage {
    private final Layout layout;
    private final Guard guard;
    private final Referrers referrers;

    Garbage(Layout layout, Guard guard, Referrers referrers) {
        this.layout = layout;
        this.guard = guard;
        this.referrers = referrers;
    }

    /**
     * What to remove.
     *
     * @param grace what was uploaded, or asked for by a pusher, this recently stays
     * @param untagged whether manifests go that have no tag, are in no index that stays and are about nothing that stays
     * @param dryRun whether only to say what would go
     */
    public record Policy(Duration grace, boolean untagged, boolean dryRun) {}

    /**
     * What was removed.
     *
     * @param manifests how many manifests of repositories
     * @param links how many blobs of repositories
     * @param blobs how many files
     * @param bytes their sizes together
     */
    public record Report(long manifests, long links, long blobs, long bytes) {}

    private static final class Count {
        private long manifests;
        private long links;
        private long blobs;
        private long bytes;
    }

    /**
     * Collects once.
     *
     * @param log is told of everything that goes, in a line each
     * @throws IOException when the storage fails; what was removed until then was garbage
     * @throws IllegalStateException when a collection is under way
     */
    public Report collect(Policy policy, Consumer<String> log) throws IOException {
        guard.begin();
        try {
            var count = new Count();
            var threshold = Instant.now().minus(policy.grace);
            var live = new HashSet<Digest>();
            for (var repository : Repositories.with(layout, "_layers")) {
                new Collection(repository, policy, threshold, count, log).run(live);
            }
            for (var repository : Repositories.with(layout, "_manifests")) {
                if (!Files.isDirectory(layout.layers(repository))) {
                    new Collection(repository, policy, threshold, count, log).run(live);
                }
            }
            sweepBlobs(live, policy, threshold, count, log);
            return new Report(count.manifests, count.links, count.blobs, count.bytes);
        } finally {
            guard.end();
        }
    }

    private void sweepBlobs(Set<Digest> live, Policy policy, Instant threshold, Count count, Consumer<String> log)
            throws IOException {
        for (var algorithm : Layout.children(layout.blobs())) {
            for (var prefix : Layout.children(algorithm)) {
                for (var directory : Layout.children(prefix)) {
                    var text = algorithm.getFileName() + ":" + directory.getFileName();
                    if (Digest.isDigest(text) && !live.contains(Digest.parse(text))) {
                        sweepBlob(directory, text, policy, threshold, count, log);
                    }
                }
            }
        }
    }

    private void sweepBlob(
            Path directory, String digest, Policy policy, Instant threshold, Count count, Consumer<String> log)
            throws IOException {
        var data = directory.resolve("data");
        boolean removed = guard.sweep(data, threshold, () -> {
            count.bytes += Files.size(data);
            if (!policy.dryRun) {
                Durable.delete(data);
                Durable.deleteTree(directory);
            }
            return true;
        });
        if (removed) {
            count.blobs++;
            log.accept("blob eligible for deletion: " + digest);
        }
    }

    /** The part in one repository. */
    private final class Collection {
        private final String repository;
        private final Policy policy;
        private final Instant threshold;
        private final Count count;
        private final Consumer<String> log;

        Collection(String repository, Policy policy, Instant threshold, Count count, Consumer<String> log) {
            this.repository = repository;
            this.policy = policy;
            this.threshold = threshold;
            this.count = count;
            this.log = log;
        }

        /** Adds to {@code live} what stays. */
        void run(Set<Digest> live) throws IOException {
            var revisions = new HashMap<Digest, References>();
            boolean readable = true;
            for (var digest : Layout.links(layout.revisions(repository))) {
                try {
                    revisions.put(digest, References.of(Files.readAllBytes(layout.blob(digest))));
                } catch (NoSuchFileException | IllegalArgumentException e) {
                    // what it needs is not known: then nothing of its repository may go
                    log.accept(repository + ": manifest " + digest + " cannot be read: " + e.getMessage());
                    live.add(digest);
                    readable = false;
                }
            }
            var kept = policy.untagged && readable ? reachable(revisions) : new HashSet<>(revisions.keySet());
            for (var digest : revisions.keySet()) {
                if (!kept.contains(digest) && !removeRevision(digest)) {
                    kept.add(digest);
                }
            }
            var needed = new HashSet<Digest>();
            kept.forEach(
                    digest -> needed.addAll(revisions.getOrDefault(digest, NONE).blobs()));
            live.addAll(kept);
            for (var blob : Layout.links(layout.layers(repository))) {
                if (!readable || needed.contains(blob) || !removeLink(blob)) {
                    live.add(blob);
                }
            }
            if (!policy.dryRun) {
                removeIfEmpty();
            }
        }

        /** From the tags by indexes to their members, and from a manifest to what is about it. */
        private Set<Digest> reachable(Map<Digest, References> revisions) throws IOException {
            var found = new HashSet<Digest>();
            var open = new ArrayDeque<Digest>();
            for (var tag : Layout.children(layout.tags(repository))) {
                Layout.readLink(tag.resolve("current/link")).ifPresent(open::add);
            }
            while (!open.isEmpty()) {
                var digest = open.poll();
                if (revisions.containsKey(digest) && found.add(digest)) {
                    open.addAll(revisions.get(digest).manifests());
                    open.addAll(referrers.of(repository, digest));
                }
            }
            return found;
        }

        private boolean removeRevision(Digest digest) throws IOException {
            var link = layout.revisionLink(repository, digest);
            boolean removed = guard.sweep(link, threshold, () -> policy.dryRun || remove(link));
            if (removed) {
                count.manifests++;
                log.accept(repository + ": manifest eligible for deletion: " + digest);
            }
            return removed;
        }

        private boolean removeLink(Digest digest) throws IOException {
            var link = layout.layerLink(repository, digest);
            boolean removed = guard.sweep(link, threshold, () -> policy.dryRun || remove(link));
            if (removed) {
                count.links++;
                log.accept(repository + ": layer link eligible for deletion: " + digest);
            }
            return removed;
        }

        private boolean remove(Path link) throws IOException {
            Durable.delete(link);
            Durable.deleteTree(Layout.directory(link));
            return true;
        }

        /** An empty repository would stay in the catalog for ever. */
        private void removeIfEmpty() throws IOException {
            var directory = layout.repository(repository);
            guard.sweep(directory, threshold, () -> {
                boolean empty = Layout.links(layout.revisions(repository)).isEmpty()
                        && Layout.links(layout.layers(repository)).isEmpty()
                        && Layout.children(layout.uploads(repository)).isEmpty();
                if (empty) {
                    for (var part : List.of("_manifests", "_layers", "_uploads")) {
                        Durable.deleteTree(directory.resolve(part));
                    }
                    removeEmptyParents(directory);
                }
                return empty;
            });
        }

        private void removeEmptyParents(Path directory) throws IOException {
            for (var at = directory;
                    !at.equals(layout.repositories()) && Layout.children(at).isEmpty();
                    at = Layout.directory(at)) {
                Files.deleteIfExists(at);
            }
        }
    }

    private static final References NONE = new References(List.of(), List.of(), java.util.Optional.empty());
}
