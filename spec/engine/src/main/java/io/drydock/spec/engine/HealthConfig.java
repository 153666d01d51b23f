package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** A health check; durations in nanoseconds, 0 means inherit or default. */
@Json
public record HealthConfig(
        @Json.Property("Test") List<String> test,
        @Json.Property("Interval") long interval,
        @Json.Property("Timeout") long timeout,
        @Json.Property("Retries") int retries,
        @Json.Property("StartPeriod") long startPeriod,
        @Json.Property("StartInterval") long startInterval) {

    /** Absent members become their empty form. */
    public HealthConfig {
        test = test == null ? List.of() : test;
    }
}
