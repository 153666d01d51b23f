package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.concurrent.atomic.LongAdder;

/** Keeps a cache within a size: the manifests that were used longest ago go, and what only they need is garbage then. */
public final class Eviction {
    private final Driver driver;
    private final Links links;
    private final Manifests manifests;
    private final Blobs blobs;

    Eviction(Driver driver, Links links, Manifests manifests, Blobs blobs) {
        this.driver = driver;
        this.links = links;
        this.manifests = manifests;
        this.blobs = blobs;
    }

    private record Use(Instant at, String repository, Digest manifest) {}

    /**
     * Removes manifests until the blobs of the others fit.
     *
     * @param most bytes that may stay; if all blobs together have no more, nothing goes
     * @return how many manifests went
     */
    public int shrinkTo(long most) throws IOException {
        if (size() <= most) {
            return 0;
        }
        var uses = new ArrayList<Use>();
        for (var repository : manifests.repositories()) {
            for (var digest : links.in(Layout.revisions(repository))) {
                used(repository, digest, uses);
            }
        }
        uses.sort(Comparator.comparing(Use::at).reversed());
        var kept = new HashSet<Digest>();
        long bytes = 0;
        int gone = 0;
        for (var use : uses) {
            for (var digest : needed(use)) {
                bytes += kept.add(digest) ? blobs.size(digest) : 0;
            }
            if (bytes > most && manifests.delete(use.repository, use.manifest)) {
                gone++;
            }
        }
        return gone;
    }

    private void used(String repository, Digest digest, ArrayList<Use> uses) throws IOException {
        // it may have been deleted meanwhile
        driver.lastUsed(Layout.revisionLink(repository, digest))
                .ifPresent(at -> uses.add(new Use(at, repository, digest)));
    }

    private ArrayList<Digest> needed(Use use) throws IOException {
        var needed = new ArrayList<Digest>();
        needed.add(use.manifest);
        var bytes = manifests.get(use.repository, use.manifest);
        if (bytes.isPresent()) {
            needed.addAll(References.of(bytes.get()).blobs());
        }
        return needed;
    }

    /** The bytes of all blobs. */
    private long size() throws IOException {
        var bytes = new LongAdder();
        links.eachBlob(digest -> bytes.add(blobs.size(digest)));
        return bytes.sum();
    }
}
