package io.drydock.containerd.client;

import java.time.Instant;
import java.util.Map;

/** A name for a manifest or an index. Of the times, {@link Instant#EPOCH} means not set; the server sets them. */
public record Image(String name, Descriptor target, Map<String, String> labels, Instant createdAt, Instant updatedAt) {
    /** Keeps a copy of the labels. */
    public Image {
        labels = Map.copyOf(labels);
    }

    /** An image to create. */
    public Image(String name, Descriptor target, Map<String, String> labels) {
        this(name, target, labels, Instant.EPOCH, Instant.EPOCH);
    }
}
