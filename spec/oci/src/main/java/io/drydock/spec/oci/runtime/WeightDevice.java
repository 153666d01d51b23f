package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** The weight of a block device. Source: OCI runtime-spec 1.3. */
@Json
public record WeightDevice(
        long major,
        long minor,
        @Nullable Integer weight,
        @Nullable Integer leafWeight) {}
