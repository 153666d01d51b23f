package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Manifests and tags of repositories. Safe for threads. */
public final class Manifests {
    private final Driver driver;
    private final Links links;
    private final Guard guard;
    private final Blobs blobs;
    private final Referrers referrers;
    private final @Nullable Index index;

    Manifests(Driver driver, Links links, Guard guard, Blobs blobs, Referrers referrers, @Nullable Index index) {
        this.driver = driver;
        this.links = links;
        this.guard = guard;
        this.blobs = blobs;
        this.referrers = referrers;
        this.index = index;
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
            var blob = Layout.blob(digest);
            if (!guard.touch(blob)) {
                driver.write(blob, bytes);
                guard.touch(blob);
            }
            var revision = Layout.revisionLink(repository, digest);
            if (!guard.touch(revision)) {
                links.write(revision, digest);
                guard.touch(revision);
            }
            referrers.note(repository, digest, bytes);
            for (var tag : tags) {
                tag(repository, tag, digest);
            }
            return missing;
        });
    }

    /** Whatever it stands for now; what somebody has set meanwhile under a condition is not overwritten unseen. */
    private void tag(String repository, String tag, Digest digest) throws IOException {
        links.write(Layout.tagHistoryLink(repository, tag, digest), digest);
        var link = Layout.tagLink(repository, tag);
        while (!driver.writeIf(link, driver.read(link), Links.bytes(digest))) {
            continue; // somebody was faster: this is later
        }
    }

    /**
     * Compares and sets a tag.
     *
     * @param expected what it must stand for now; empty if it must not exist
     * @param digest of a manifest that the repository has
     * @return false if it stands for something else, or the manifest is not there; nothing has changed then
     */
    public boolean retag(String repository, String tag, Optional<Digest> expected, Digest digest) throws IOException {
        return guard.use(() -> {
            var link = Layout.tagLink(repository, tag);
            var now = driver.read(link);
            if (!Links.digest(link, now).equals(expected) || !reserve(repository, digest)) {
                return false;
            }
            if (!driver.writeIf(link, now, Links.bytes(digest))) {
                return false;
            }
            links.write(Layout.tagHistoryLink(repository, tag, digest), digest);
            return true;
        });
    }

    /** Whether the repository has the manifest. If it has, that counts as a use: see {@link #expire}. */
    public boolean has(String repository, Digest digest) throws IOException {
        return guard.use(() -> reserve(repository, digest));
    }

    private boolean reserve(String repository, Digest digest) throws IOException {
        return guard.touch(Layout.revisionLink(repository, digest)) && guard.touch(Layout.blob(digest));
    }

    /** Removes manifests that were last used before a time, and their tags; how many. */
    public int expire(Instant before) throws IOException {
        int expired = 0;
        for (var repository : repositories()) {
            for (var digest : links.in(Layout.revisions(repository))) {
                var used = driver.lastUsed(Layout.revisionLink(repository, digest));
                if (used.isPresent() && used.get().isBefore(before) && delete(repository, digest)) {
                    expired++;
                }
            }
        }
        return expired;
    }

    /** The manifest's bytes if the repository has it. */
    public Optional<byte[]> get(String repository, Digest digest) throws IOException {
        return driver.exists(Layout.revisionLink(repository, digest))
                ? driver.read(Layout.blob(digest))
                : Optional.empty();
    }

    /** What the tag stands for. */
    public Optional<Digest> tagged(String repository, String tag) throws IOException {
        return links.read(Layout.tagLink(repository, tag));
    }

    /** All tags, sorted; empty if the repository does not exist. */
    public Optional<List<String>> tags(String repository) throws IOException {
        return tags(repository, "", Integer.MAX_VALUE).map(Page::names);
    }

    /** The tags behind a tag, sorted; empty if the repository does not exist. */
    public Optional<Page> tags(String repository, String last, int size) throws IOException {
        if (!driver.exists(Layout.manifests(repository))) {
            return Optional.empty();
        }
        if (index != null) {
            return Optional.of(index.tags().page(repository, last, size));
        }
        var found = new ArrayList<String>();
        var enough = size == Integer.MAX_VALUE ? size : size + 1;
        var after = last;
        while (found.size() < enough) {
            int wanted = enough - found.size();
            var names = driver.list(Layout.tags(repository), after, wanted);
            for (var tag : names) {
                if (links.isThere(Layout.tag(repository, tag) + "/current")) {
                    found.add(tag);
                }
            }
            if (names.size() < wanted) {
                break;
            }
            after = names.getLast();
        }
        return Optional.of(new Page(List.copyOf(found.subList(0, Math.min(size, found.size()))), found.size() > size));
    }

    /** Removes a tag; its manifest stays. False if there is none. */
    public boolean deleteTag(String repository, String tag) throws IOException {
        return guard.alone(() -> {
            if (index != null && driver.exists(Layout.tagLink(repository, tag))) {
                index.tags().going(repository, tag);
            }
            if (!driver.delete(Layout.tagLink(repository, tag))) {
                return false;
            }
            driver.deleteTree(Layout.tag(repository, tag));
            return true;
        });
    }

    /** Removes a manifest and all tags that stand for it. False if there is none. */
    public boolean delete(String repository, Digest digest) throws IOException {
        var revision = Layout.revisionLink(repository, digest);
        deleteTags(repository, digest);
        // who tags it at the same time has done so when this returns, and the tag goes with the second look
        boolean deleted = guard.alone(() -> driver.delete(revision));
        for (var tag : tagsOf(repository, digest)) {
            guard.alone(() -> !driver.exists(revision) && deleteTag(repository, tag));
        }
        return deleted;
    }

    /**
     * Removes a repository: its tags, manifests and links to blobs. Uploads under way go on, and what is pushed meanwhile stays.
     * False if there is none.
     */
    public boolean deleteRepository(String repository) throws IOException {
        var tags = tags(repository);
        if (tags.isEmpty()) {
            return false;
        }
        for (var tag : tags.get()) {
            deleteTag(repository, tag);
        }
        for (var digest : links.in(Layout.revisions(repository))) {
            delete(repository, digest);
        }
        guard.alone(() -> {
            if (links.in(Layout.revisions(repository)).isEmpty()) {
                driver.deleteTree(Layout.manifests(repository));
                driver.deleteTree(Layout.layers(repository));
                driver.prune(Layout.repository(repository), Layout.REPOSITORIES);
            }
            return true;
        });
        return true;
    }

    private void deleteTags(String repository, Digest digest) throws IOException {
        for (var tag : tagsOf(repository, digest)) {
            deleteTag(repository, tag);
        }
    }

    /** The tags that stand for a manifest, sorted. */
    public List<String> tagsOf(String repository, Digest digest) throws IOException {
        if (index != null) {
            return index.tags().of(repository, digest);
        }
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
        return index == null
                ? Repositories.page(driver, "_manifests", last, size)
                : index.repositories().page(last, size);
    }

    /** The names of all repositories that have manifests, sorted. */
    public List<String> repositories() throws IOException {
        return Repositories.with(driver, "_manifests");
    }
}
