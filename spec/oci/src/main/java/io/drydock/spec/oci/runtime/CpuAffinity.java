package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** Processors on which an exec begins and goes on, as lists like {@code 0-3,7}. Source: OCI runtime-spec 1.3. */
@Json
public record CpuAffinity(
        @Nullable String initial,
        @Json.Property("final") @Nullable String finalSet) {}
