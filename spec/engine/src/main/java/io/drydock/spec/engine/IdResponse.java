package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The answer of a call that made something: its id. */
@Json
public record IdResponse(@Json.Property("Id") String id) {

    /** Absent members become their empty form. */
    public IdResponse {
        id = id == null ? "" : id;
    }
}
