package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The health that a listing shows. */
@Json
public record SummaryHealth(
        @Json.Property("Status") String status,
        @Json.Property("FailingStreak") int failingStreak) {

    /** Absent members become their empty form. */
    public SummaryHealth {
        status = status == null ? "" : status;
    }
}
