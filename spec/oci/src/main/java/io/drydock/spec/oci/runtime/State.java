package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The state of a container, as hooks and {@code state} see it. Source: OCI runtime-spec 1.3. */
@Json
public record State(
        String ociVersion,
        String id,
        String status,
        @Nullable Integer pid,
        String bundle,
        Map<String, String> annotations) {

    /** Absent texts and collections become empty. */
    public State {
        ociVersion = ociVersion == null ? "" : ociVersion;
        id = id == null ? "" : id;
        status = status == null ? "" : status;
        bundle = bundle == null ? "" : bundle;
        annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(annotations);
    }
}
