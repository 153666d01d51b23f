package io.drydock.containerd.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A container: metadata, no process.
 *
 * @param image the image's name, may be empty
 * @param runtime the runtime's name, {@code io.containerd.runc.v2}
 * @param options of the runtime; null when read back, or for the defaults
 * @param spec the OCI runtime spec as JSON
 * @param snapshotter empty if the root is not a snapshot
 * @param snapshotKey the active snapshot that is the root, may be empty
 */
public record Container(
        String id,
        Map<String, String> labels,
        String image,
        String runtime,
        @Nullable RuncOptions options,
        byte[] spec,
        String snapshotter,
        String snapshotKey) {
    /** Keeps a copy of the labels; the spec's array is the caller's promise not to change it. */
    public Container {
        labels = Map.copyOf(labels);
    }
}
