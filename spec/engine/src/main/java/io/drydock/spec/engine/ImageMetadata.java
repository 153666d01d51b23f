package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Local facts of an image. */
@Json
public record ImageMetadata(@Json.Property("LastTagTime") String lastTagTime) {

    /** Absent members become their empty form. */
    public ImageMetadata {
        lastTagTime = lastTagTime == null ? "" : lastTagTime;
    }
}
