package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The answer of {@code POST /networks/create}. */
@Json
public record NetworkCreateResponse(
        @Json.Property("Id") String id,
        @Json.Property("Warning") String warning) {

    /** Absent members become their empty form. */
    public NetworkCreateResponse {
        id = id == null ? "" : id;
        warning = warning == null ? "" : warning;
    }
}
