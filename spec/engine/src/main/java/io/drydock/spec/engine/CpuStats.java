package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** CPU use in nanoseconds. */
@Json
public record CpuStats(
        @Json.Property("cpu_usage") @Nullable CpuUsage cpuUsage,
        @Json.Property("system_cpu_usage") @Nullable Long systemCpuUsage,
        @Json.Property("online_cpus") @Nullable Integer onlineCpus,
        @Json.Property("throttling_data") @Nullable ThrottlingData throttlingData) {}
