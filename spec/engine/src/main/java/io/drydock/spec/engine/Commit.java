package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A build. */
@Json
public record Commit(@Json.Property("ID") String id) {

    /** Absent members become their empty form. */
    public Commit {
        id = id == null ? "" : id;
    }
}
