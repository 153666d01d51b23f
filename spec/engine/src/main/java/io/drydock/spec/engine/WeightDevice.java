package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Block I/O weight of one device. */
@Json
public record WeightDevice(
        @Json.Property("Path") String path,
        @Json.Property("Weight") int weight) {

    /** Absent members become their empty form. */
    public WeightDevice {
        path = path == null ? "" : path;
    }
}
