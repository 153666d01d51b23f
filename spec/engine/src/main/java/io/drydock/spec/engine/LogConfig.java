package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;

/** The log driver of a container and its options. */
@Json
public record LogConfig(
        @Json.Property("Type") String type,
        @Json.Property("Config") Map<String, String> config) {

    /** Absent members become their empty form. */
    public LogConfig {
        type = type == null ? "" : type;
        config = config == null ? Map.of() : config;
    }
}
