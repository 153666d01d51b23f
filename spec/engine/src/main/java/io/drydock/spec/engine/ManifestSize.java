package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Bytes of a manifest's content and in all. */
@Json
public record ManifestSize(
        @Json.Property("Total") long total,
        @Json.Property("Content") long content) {}
