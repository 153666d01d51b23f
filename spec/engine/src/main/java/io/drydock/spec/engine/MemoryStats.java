package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Memory in bytes. */
@Json
public record MemoryStats(
        @Nullable Long usage,
        @Json.Property("max_usage") @Nullable Long maxUsage,
        @Nullable Map<String, Long> stats,
        @Nullable Long failcnt,
        @Nullable Long limit) {}
