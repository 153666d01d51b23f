package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** One line of a progress stream. */
@Json
public record ProgressMessage(
        @Nullable String status,
        @Nullable ProgressDetail progressDetail,
        @Nullable String progress,
        @Nullable String id,
        @Nullable String stream,
        @Json.Raw @Nullable String aux,
        @Nullable ErrorDetail errorDetail,
        @Nullable String error) {}
