package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;

/** What an event is about. */
@Json
public record EventActor(
        @Json.Property("ID") String id,
        @Json.Property("Attributes") Map<String, String> attributes) {

    /** Absent members become their empty form. */
    public EventActor {
        id = id == null ? "" : id;
        attributes = attributes == null ? Map.of() : attributes;
    }
}
