package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Scheduling policy of a process, sched_setattr(2). Source: OCI runtime-spec 1.3. */
@Json
public record Scheduler(
        String policy,
        @Nullable Integer nice,
        @Nullable Integer priority,
        List<String> flags,
        @Nullable Long runtime,
        @Nullable Long deadline,
        @Nullable Long period) {

    /** Absent texts and collections become empty. */
    public Scheduler {
        policy = policy == null ? "" : policy;
        flags = flags == null ? List.of() : Collections.unmodifiableList(flags);
    }
}
