package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A resource limit; -1 is unlimited. */
@Json
public record Ulimit(
        @Json.Property("Name") String name,
        @Json.Property("Hard") long hard,
        @Json.Property("Soft") long soft) {

    /** Absent members become their empty form. */
    public Ulimit {
        name = name == null ? "" : name;
    }
}
