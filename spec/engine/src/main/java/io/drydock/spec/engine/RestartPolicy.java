package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** When a container is started again: {@code no}, {@code always}, {@code unless-stopped} or {@code on-failure}. */
@Json
public record RestartPolicy(
        @Json.Property("Name") String name,
        @Json.Property("MaximumRetryCount") int maximumRetryCount) {

    /** Absent members become their empty form. */
    public RestartPolicy {
        name = name == null ? "" : name;
    }
}
