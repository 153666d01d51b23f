package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** The health of a container. */
@Json
public record Health(
        @Json.Property("Status") String status,
        @Json.Property("FailingStreak") int failingStreak,
        @Json.Property("Log") List<HealthcheckResult> log) {

    /** Absent members become their empty form. */
    public Health {
        status = status == null ? "" : status;
        log = log == null ? List.of() : log;
    }
}
