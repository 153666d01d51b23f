package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The product's name. */
@Json
public record VersionPlatform(@Json.Property("Name") String name) {

    /** Absent members become their empty form. */
    public VersionPlatform {
        name = name == null ? "" : name;
    }
}
