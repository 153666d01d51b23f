package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A mount below the root. Source: OCI runtime-spec 1.3. */
@Json
public record Mount(
        String destination,
        @Nullable String type,
        @Nullable String source,
        List<String> options,
        List<IdMapping> uidMappings,
        List<IdMapping> gidMappings) {

    /** Absent texts and collections become empty. */
    public Mount {
        destination = destination == null ? "" : destination;
        options = options == null ? List.of() : Collections.unmodifiableList(options);
        uidMappings = uidMappings == null ? List.of() : Collections.unmodifiableList(uidMappings);
        gidMappings = gidMappings == null ? List.of() : Collections.unmodifiableList(gidMappings);
    }
}
