package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Bytes an image takes unpacked. */
@Json
public record ManifestImageSize(@Json.Property("Unpacked") long unpacked) {}
