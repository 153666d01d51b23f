package io.drydock.containerd.client;

import java.util.Map;

/**
 * Points at a blob.
 *
 * @param digest {@code sha256:…}
 * @param size in bytes
 */
public record Descriptor(String mediaType, String digest, long size, Map<String, String> annotations) {
    /** Keeps a copy of the annotations. */
    public Descriptor {
        annotations = Map.copyOf(annotations);
    }

    /** A descriptor without annotations. */
    public Descriptor(String mediaType, String digest, long size) {
        this(mediaType, digest, size, Map.of());
    }
}
