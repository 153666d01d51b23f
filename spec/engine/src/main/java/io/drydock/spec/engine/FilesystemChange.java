package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A path that differs from the image: kind 0 changed, 1 added, 2 deleted. */
@Json
public record FilesystemChange(
        @Json.Property("Path") String path,
        @Json.Property("Kind") int kind) {

    /** Absent members become their empty form. */
    public FilesystemChange {
        path = path == null ? "" : path;
    }
}
