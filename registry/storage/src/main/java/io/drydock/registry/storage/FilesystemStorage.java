package io.drydock.registry.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A directory as a registry's storage, see the package. Several processes may read it, one may write. */
public final class FilesystemStorage {
    private final Path root;
    private final Blobs blobs;
    private final Uploads uploads;
    private final Manifests manifests;
    private final Referrers referrers;
    private final Garbage garbage;
    private final Scrub scrub;
    private final Eviction eviction;

    /** @throws IOException when the directory cannot be made */
    public FilesystemStorage(Path root) throws IOException {
        Files.createDirectories(root);
        this.root = root;
        var layout = new Layout(root);
        var guard = new Guard();
        this.blobs = new Blobs(layout, guard);
        this.uploads = new Uploads(layout, guard, blobs);
        this.manifests = new Manifests(layout, guard, blobs);
        this.referrers = new Referrers(layout, guard);
        this.garbage = new Garbage(layout, guard, referrers);
        this.scrub = new Scrub(layout, guard);
        this.eviction = new Eviction(layout, manifests, blobs);
    }

    /** Why the directory cannot be read at the moment; empty if it can. */
    public Optional<String> failure() {
        try (var entries = Files.newDirectoryStream(root)) {
            return entries.iterator().hasNext() || Files.isWritable(root)
                    ? Optional.empty()
                    : Optional.of(root + ": permission denied");
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    public Blobs blobs() {
        return blobs;
    }

    public Uploads uploads() {
        return uploads;
    }

    public Manifests manifests() {
        return manifests;
    }

    public Referrers referrers() {
        return referrers;
    }

    public Garbage garbage() {
        return garbage;
    }

    public Eviction eviction() {
        return eviction;
    }

    public Scrub scrub() {
        return scrub;
    }
}
