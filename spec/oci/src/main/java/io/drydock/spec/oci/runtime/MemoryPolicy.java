package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** NUMA policy, set_mempolicy(2). Source: OCI runtime-spec 1.3. */
@Json
public record MemoryPolicy(String mode, @Nullable String nodes, List<String> flags) {

    /** Absent texts and collections become empty. */
    public MemoryPolicy {
        mode = mode == null ? "" : mode;
        flags = flags == null ? List.of() : Collections.unmodifiableList(flags);
    }
}
