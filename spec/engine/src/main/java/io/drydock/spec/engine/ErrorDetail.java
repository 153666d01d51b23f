package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** An error inside a progress stream. */
@Json
public record ErrorDetail(@Nullable Integer code, String message) {

    /** Absent members become their empty form. */
    public ErrorDetail {
        message = message == null ? "" : message;
    }
}
