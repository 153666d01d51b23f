package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;

/** Where the root file system comes from. */
@Json
public record GraphDriver(
        @Json.Property("Name") String name,
        @Json.Property("Data") Map<String, String> data) {

    /** Absent members become their empty form. */
    public GraphDriver {
        name = name == null ? "" : name;
        data = data == null ? Map.of() : data;
    }
}
