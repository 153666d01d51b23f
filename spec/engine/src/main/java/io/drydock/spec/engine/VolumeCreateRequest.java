package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;

/** The body of {@code POST /volumes/create}. */
@Json
public record VolumeCreateRequest(
        @Json.Property("Name") String name,
        @Json.Property("Driver") String driver,
        @Json.Property("DriverOpts") Map<String, String> driverOpts,
        @Json.Property("Labels") Map<String, String> labels) {

    /** Absent members become their empty form. */
    public VolumeCreateRequest {
        name = name == null ? "" : name;
        driver = driver == null ? "" : driver;
        driverOpts = driverOpts == null ? Map.of() : driverOpts;
        labels = labels == null ? Map.of() : labels;
    }
}
