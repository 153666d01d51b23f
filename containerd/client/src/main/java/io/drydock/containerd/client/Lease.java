package io.drydock.containerd.client;

import java.time.Instant;
import java.util.Map;

/** Keeps what was made under it from the garbage collector. */
public record Lease(String id, Instant createdAt, Map<String, String> labels) {
    /** The label that says when a lease ends, in RFC 3339. */
    public static final String EXPIRE = "containerd.io/gc.expire";

    /** Something a lease holds; the type is {@code content}, {@code ingests}, {@code images} or {@code snapshots/NAME}. */
    public record Resource(String id, String type) {}

    /** Keeps a copy of the labels. */
    public Lease {
        labels = Map.copyOf(labels);
    }
}
