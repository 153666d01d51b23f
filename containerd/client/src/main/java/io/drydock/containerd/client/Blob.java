package io.drydock.containerd.client;

import java.time.Instant;
import java.util.Map;

/**
 * What the content store knows of a blob.
 *
 * @param size in bytes
 */
public record Blob(String digest, long size, Instant createdAt, Instant updatedAt, Map<String, String> labels) {
    /** Keeps a copy of the labels. */
    public Blob {
        labels = Map.copyOf(labels);
    }
}
