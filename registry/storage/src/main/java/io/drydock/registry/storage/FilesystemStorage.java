package io.drydock.registry.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory as a registry's storage, see the package. Several processes may read it, one may write. */
public final class FilesystemStorage {
    private final Blobs blobs;
    private final Uploads uploads;
    private final Manifests manifests;

    /** @throws IOException when the directory cannot be made */
    public FilesystemStorage(Path root) throws IOException {
        Files.createDirectories(root);
        var layout = new Layout(root);
        this.blobs = new Blobs(layout);
        this.uploads = new Uploads(layout, blobs);
        this.manifests = new Manifests(layout);
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
}
