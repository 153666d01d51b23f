package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** The answer of {@code POST /containers/{id}/wait}. */
@Json
public record ContainerWaitResponse(
        @Json.Property("StatusCode") long statusCode,
        @Json.Property("Error") @Nullable WaitError error) {}
