package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The user of a process: numbers, as the container sees them. Ids are unsigned 32-bit numbers. Source: OCI runtime-spec 1.3. */
@Json
public record User(
        long uid,
        long gid,
        @Nullable Integer umask,
        List<Long> additionalGids,
        @Nullable String username) {

    /** Absent texts and collections become empty. */
    public User {
        additionalGids = additionalGids == null ? List.of() : Collections.unmodifiableList(additionalGids);
    }
}
