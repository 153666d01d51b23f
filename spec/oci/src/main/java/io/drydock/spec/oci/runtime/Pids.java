package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** The number of tasks allowed. Source: OCI runtime-spec 1.3. */
@Json
public record Pids(@Nullable Long limit) {}
