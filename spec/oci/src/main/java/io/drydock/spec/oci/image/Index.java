package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Several manifests, usually one for each platform. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record Index(
        int schemaVersion,
        @Nullable String mediaType,
        @Nullable String artifactType,
        List<Descriptor> manifests,
        @Nullable Descriptor subject,
        Map<String, String> annotations) {

    /** Absent texts and collections become empty. */
    public Index {
        manifests = manifests == null ? List.of() : Collections.unmodifiableList(manifests);
        annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(annotations);
    }
}
