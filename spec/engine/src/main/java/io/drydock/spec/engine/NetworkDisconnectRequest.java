package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The body of {@code POST /networks/{id}/disconnect}. */
@Json
public record NetworkDisconnectRequest(
        @Json.Property("Container") String container,
        @Json.Property("Force") boolean force) {

    /** Absent members become their empty form. */
    public NetworkDisconnectRequest {
        container = container == null ? "" : container;
    }
}
