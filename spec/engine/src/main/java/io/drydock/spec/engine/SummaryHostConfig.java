package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The part of the host config that a listing shows. */
@Json
public record SummaryHostConfig(
        @Json.Property("NetworkMode") String networkMode,
        @Json.Property("Annotations") @Nullable Map<String, String> annotations) {

    /** Absent members become their empty form. */
    public SummaryHostConfig {
        networkMode = networkMode == null ? "" : networkMode;
    }
}
