package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;

/** A program of the engine. */
@Json
public record VersionComponent(
        @Json.Property("Name") String name,
        @Json.Property("Version") String version,
        @Json.Property("Details") Map<String, String> details) {

    /** Absent members become their empty form. */
    public VersionComponent {
        name = name == null ? "" : name;
        version = version == null ? "" : version;
        details = details == null ? Map.of() : details;
    }
}
