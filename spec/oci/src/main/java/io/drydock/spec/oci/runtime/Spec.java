package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration of a container: {@code config.json} of a bundle. Source: OCI runtime-spec 1.3. */
@Json
public record Spec(
        @Nullable String ociVersion,
        @Nullable Process process,
        @Nullable Root root,
        @Nullable String hostname,
        @Nullable String domainname,
        List<Mount> mounts,
        @Nullable Hooks hooks,
        Map<String, String> annotations,
        @Nullable Linux linux) {

    /** Absent texts and collections become empty. */
    public Spec {
        mounts = mounts == null ? List.of() : Collections.unmodifiableList(mounts);
        annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(annotations);
    }
}
