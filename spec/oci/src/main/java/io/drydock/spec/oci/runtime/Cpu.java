package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** Processor limits; quotas and periods in microseconds. Source: OCI runtime-spec 1.3. */
@Json
public record Cpu(
        @Nullable Long shares,
        @Nullable Long quota,
        @Nullable Long burst,
        @Nullable Long period,
        @Nullable Long realtimeRuntime,
        @Nullable Long realtimePeriod,
        @Nullable String cpus,
        @Nullable String mems,
        @Nullable Long idle) {}
