package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** Memory limits in bytes; -1 is unlimited. Source: OCI runtime-spec 1.3. */
@Json
public record Memory(
        @Nullable Long limit,
        @Nullable Long reservation,
        @Nullable Long swap,
        @Nullable Long kernel,
        @Nullable Long kernelTCP,
        @Nullable Long swappiness,
        @Nullable Boolean disableOOMKiller,
        @Nullable Boolean useHierarchy,
        @Nullable Boolean checkBeforeUpdate) {}
