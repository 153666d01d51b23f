package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** CFS throttling. */
@Json
public record ThrottlingData(
        long periods,
        @Json.Property("throttled_periods") long throttledPeriods,
        @Json.Property("throttled_time") long throttledTime) {}
