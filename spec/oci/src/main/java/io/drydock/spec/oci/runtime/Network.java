package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Traffic class and priorities. Source: OCI runtime-spec 1.3. */
@Json
public record Network(@Nullable Long classID, List<InterfacePriority> priorities) {

    /** Absent texts and collections become empty. */
    public Network {
        priorities = priorities == null ? List.of() : Collections.unmodifiableList(priorities);
    }
}
