package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Why a wait failed. */
@Json
public record WaitError(@Json.Property("Message") String message) {

    /** Absent members become their empty form. */
    public WaitError {
        message = message == null ? "" : message;
    }
}
