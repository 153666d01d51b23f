package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The aux object of a push. */
@Json
public record PushResult(
        @Json.Property("Tag") String tag,
        @Json.Property("Digest") String digest,
        @Json.Property("Size") long size) {

    /** Absent members become their empty form. */
    public PushResult {
        tag = tag == null ? "" : tag;
        digest = digest == null ? "" : digest;
    }
}
