package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.spec.engine.EngineException;
import java.time.Instant;
import java.util.Map;

/** The views of images that containers have mounted: one for each mount, there as long as the container is. */
record ImageMounts(ContainerdClient containerd, ImageCatalog images) {

    /** The view's name among the snapshots. */
    static String key(String containerId, String destination) {
        return containerId + destination;
    }

    /** Refuses an image that is not there. Not as "not found": clients would pull the container's image and try again. */
    void check(MountPlan plan) {
        try {
            if (plan.isImage()) {
                images.find(plan.name());
            }
        } catch (EngineException e) {
            throw EngineException.invalid(String.valueOf(e.getMessage()));
        }
    }

    /** Makes the views of a new container. */
    void prepare(Definition definition) {
        for (MountPlan plan : definition.mounts()) {
            if (plan.isImage()) {
                // no image and no lease holds a view: this label keeps the collector off it
                containerd
                        .snapshots(ImageCatalog.SNAPSHOTTER)
                        .view(
                                key(definition.id(), plan.destination()),
                                images.find(plan.name()).chainId(),
                                Map.of("containerd.io/gc.root", Instant.now().toString()));
            }
        }
    }

    /** Removes the views of a container. */
    static void remove(ContainerdClient containerd, Definition definition) {
        for (MountPlan plan : definition.mounts()) {
            if (plan.isImage()) {
                try {
                    containerd.snapshots(ImageCatalog.SNAPSHOTTER).remove(key(definition.id(), plan.destination()));
                } catch (ContainerdException e) {
                    if (!e.notFound()) {
                        throw e;
                    }
                }
            }
        }
    }
}
