package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Options of an image mount. */
@Json
public record ImageOptions(@Json.Property("Subpath") String subpath) {

    /** Absent members become their empty form. */
    public ImageOptions {
        subpath = subpath == null ? "" : subpath;
    }
}
