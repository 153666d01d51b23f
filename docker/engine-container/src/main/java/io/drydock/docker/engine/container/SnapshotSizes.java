package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.spec.engine.EngineException;

/** Bytes that containers take on disk. */
final class SnapshotSizes {
    private final ContainerdClient containerd;
    private final ImageCatalog images;

    SnapshotSizes(ContainerdClient containerd, ImageCatalog images) {
        this.containerd = containerd;
        this.images = images;
    }

    /** Bytes of what the container itself has written. */
    long writable(String id) {
        try {
            return containerd.snapshots(ImageCatalog.SNAPSHOTTER).usage(id).size();
        } catch (ContainerdException e) {
            return 0;
        }
    }

    /** Bytes with its image's layers. */
    long all(Definition definition) {
        try {
            return writable(definition.id()) + images.unpackedSize(images.find(definition.imageId()));
        } catch (EngineException gone) {
            return writable(definition.id());
        }
    }
}
