package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Bytes and users of a volume; -1 means not computed. */
@Json
public record VolumeUsage(
        @Json.Property("RefCount") long refCount,
        @Json.Property("Size") long size) {}
