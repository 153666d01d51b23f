package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The body of every error answer. */
@Json
public record ErrorResponse(String message) {

    /** Absent members become their empty form. */
    public ErrorResponse {
        message = message == null ? "" : message;
    }
}
