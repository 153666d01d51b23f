package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;

/** Execution domain, personality(2). Source: OCI runtime-spec 1.3. */
@Json
public record Personality(String domain, List<String> flags) {

    /** Absent texts and collections become empty. */
    public Personality {
        domain = domain == null ? "" : domain;
        flags = flags == null ? List.of() : Collections.unmodifiableList(flags);
    }
}
