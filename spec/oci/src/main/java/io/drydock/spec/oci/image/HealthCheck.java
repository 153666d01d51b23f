package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A health check of Docker's; times in nanoseconds. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record HealthCheck(
        @Json.Property("Test") List<String> test,
        @Json.Property("Interval") @Nullable Long interval,
        @Json.Property("Timeout") @Nullable Long timeout,
        @Json.Property("StartPeriod") @Nullable Long startPeriod,
        @Json.Property("StartInterval") @Nullable Long startInterval,
        @Json.Property("Retries") @Nullable Integer retries) {

    /** Absent texts and collections become empty. */
    public HealthCheck {
        test = test == null ? List.of() : Collections.unmodifiableList(test);
    }
}
