package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;

/** The driver that makes a volume. */
@Json
public record VolumeDriverConfig(
        @Json.Property("Name") String name,
        @Json.Property("Options") Map<String, String> options) {

    /** Absent members become their empty form. */
    public VolumeDriverConfig {
        name = name == null ? "" : name;
        options = options == null ? Map.of() : options;
    }
}
