package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;

/** Keeps a cache within a size: the manifests that were used longest ago go, and what only they need is garbage then. */
public final class Eviction {
    private final Layout layout;
    private final Manifests manifests;
    private final Blobs blobs;

    Eviction(Layout layout, Manifests manifests, Blobs blobs) {
        this.layout = layout;
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
            for (var digest : Layout.links(layout.revisions(repository))) {
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
        try {
            var at = Files.getLastModifiedTime(layout.revisionLink(repository, digest));
            uses.add(new Use(at.toInstant(), repository, digest));
        } catch (NoSuchFileException e) {
            return; // deleted meanwhile
        }
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
        long bytes = 0;
        for (var algorithm : Layout.children(layout.blobs())) {
            for (var prefix : Layout.children(algorithm)) {
                for (var directory : Layout.children(prefix)) {
                    var text = algorithm.getFileName() + ":" + directory.getFileName();
                    bytes += Digest.isDigest(text) ? blobs.size(Digest.parse(text)) : 0;
                }
            }
        }
        return bytes;
    }
}
