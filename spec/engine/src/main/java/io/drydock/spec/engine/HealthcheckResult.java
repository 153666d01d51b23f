package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** One probe. */
@Json
public record HealthcheckResult(
        @Json.Property("Start") String start,
        @Json.Property("End") String end,
        @Json.Property("ExitCode") int exitCode,
        @Json.Property("Output") String output) {

    /** Absent members become their empty form. */
    public HealthcheckResult {
        start = start == null ? "" : start;
        end = end == null ? "" : end;
        output = output == null ? "" : output;
    }
}
