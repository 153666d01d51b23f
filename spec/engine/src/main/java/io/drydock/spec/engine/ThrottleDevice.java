package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A rate of one device in bytes or operations a second. */
@Json
public record ThrottleDevice(
        @Json.Property("Path") String path,
        @Json.Property("Rate") long rate) {

    /** Absent members become their empty form. */
    public ThrottleDevice {
        path = path == null ? "" : path;
    }
}
