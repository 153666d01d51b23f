package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
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
    private final Driver driver;
    private final Links links;
    private final Guard guard;
    private final Referrers referrers;

    Garbage(Driver driver, Links links, Guard guard, Referrers referrers) {
        this.driver = driver;
        this.links = links;
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
            for (var repository : Repositories.with(driver, "_layers")) {
                new Collection(repository, policy, threshold, count, log).run(live);
            }
            for (var repository : Repositories.with(driver, "_manifests")) {
                if (!driver.exists(Layout.layers(repository))) {
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
        links.eachBlob(digest -> {
            if (!live.contains(digest)) {
                sweepBlob(digest, policy, threshold, count, log);
            }
        });
    }

    private void sweepBlob(Digest digest, Policy policy, Instant threshold, Count count, Consumer<String> log)
            throws IOException {
        var data = Layout.blob(digest);
        boolean removed = guard.sweep(data, threshold, () -> {
            count.bytes += driver.stat(data).map(Driver.Stat::size).orElse(0L);
            if (!policy.dryRun) {
                driver.delete(data);
                driver.deleteTree(Layout.blobDirectory(digest));
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
            for (var digest : links.in(Layout.revisions(repository))) {
                try {
                    var bytes = driver.read(Layout.blob(digest))
                            .orElseThrow(() -> new IllegalArgumentException("its blob is missing"));
                    revisions.put(digest, References.of(bytes));
                } catch (IllegalArgumentException e) {
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
            for (var blob : links.in(Layout.layers(repository))) {
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
            for (var tag : driver.list(Layout.tags(repository))) {
                links.read(Layout.tagLink(repository, tag)).ifPresent(open::add);
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
            var link = Layout.revisionLink(repository, digest);
            boolean removed = guard.sweep(link, threshold, () -> policy.dryRun || remove(link));
            if (removed) {
                count.manifests++;
                log.accept(repository + ": manifest eligible for deletion: " + digest);
            }
            return removed;
        }

        private boolean removeLink(Digest digest) throws IOException {
            var link = Layout.layerLink(repository, digest);
            boolean removed = guard.sweep(link, threshold, () -> policy.dryRun || remove(link));
            if (removed) {
                count.links++;
                log.accept(repository + ": layer link eligible for deletion: " + digest);
            }
            return removed;
        }

        private boolean remove(String link) throws IOException {
            driver.delete(link);
            driver.deleteTree(Layout.directory(link));
            return true;
        }

        /** An empty repository would stay in the catalog for ever. */
        private void removeIfEmpty() throws IOException {
            var directory = Layout.repository(repository);
            guard.sweep(directory, threshold, () -> {
                boolean empty = links.in(Layout.revisions(repository)).isEmpty()
                        && links.in(Layout.layers(repository)).isEmpty()
                        && driver.list(Layout.uploads(repository)).isEmpty();
                if (empty) {
                    for (var part : List.of("_manifests", "_layers", "_uploads")) {
                        driver.deleteTree(directory + "/" + part);
                    }
                    driver.prune(directory, Layout.REPOSITORIES);
                }
                return empty;
            });
        }
    }

    private static final References NONE = new References(List.of(), List.of(), java.util.Optional.empty());
}
