package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** Limits of RDMA resources. Source: OCI runtime-spec 1.3. */
@Json
public record Rdma(@Nullable Long hcaHandles, @Nullable Long hcaObjects) {}
