package io.drydock.containerd.client;

import java.time.Instant;
import java.util.Map;

/** What a snapshotter knows of a snapshot; the parent is empty for a base. */
public record Snapshot(
        String name, String parent, Kind kind, Instant createdAt, Instant updatedAt, Map<String, String> labels) {
    /** Read-only on a committed one, writable, or immutable. */
    public enum Kind {
        UNKNOWN,
        VIEW,
        ACTIVE,
        COMMITTED
    }

    /**
     * What a snapshot takes on disk, its parents left out.
     *
     * @param size in bytes
     */
    public record Usage(long inodes, long size) {}

    /** Keeps a copy of the labels. */
    public Snapshot {
        labels = Map.copyOf(labels);
    }
}
