package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** One event; the first three repeat the others for clients before API 1.52. */
@Json
public record EventMessage(
        @Nullable String status,
        @Nullable String id,
        @Nullable String from,
        @Json.Property("Type") String type,
        @Json.Property("Action") String action,
        @Json.Property("Actor") @Nullable EventActor actor,
        String scope,
        long time,
        long timeNano) {

    /** Absent members become their empty form. */
    public EventMessage {
        type = type == null ? "" : type;
        action = action == null ? "" : action;
        scope = scope == null ? "" : scope;
    }
}
