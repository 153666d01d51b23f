package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cache and bandwidth allocation (resctrl). Source: OCI runtime-spec 1.3. */
@Json
public record IntelRdt(
        @Nullable String closID,
        List<String> schemata,
        @Nullable String l3CacheSchema,
        @Nullable String memBwSchema,
        @Nullable Boolean enableMonitoring,
        @Nullable Boolean enableCMT,
        @Nullable Boolean enableMBM) {

    /** Absent texts and collections become empty. */
    public IntelRdt {
        schemata = schemata == null ? List.of() : Collections.unmodifiableList(schemata);
    }
}
