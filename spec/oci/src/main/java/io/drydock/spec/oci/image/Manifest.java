package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An image of one platform: its configuration and its layers, the lowest first. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record Manifest(
        int schemaVersion,
        @Nullable String mediaType,
        @Nullable String artifactType,
        @Nullable Descriptor config,
        List<Descriptor> layers,
        @Nullable Descriptor subject,
        Map<String, String> annotations) {

    /** Absent texts and collections become empty. */
    public Manifest {
        layers = layers == null ? List.of() : Collections.unmodifiableList(layers);
        annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(annotations);
    }
}
