package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** The answer of {@code GET /volumes}. */
@Json
public record VolumeListResponse(
        @Json.Property("Volumes") List<Volume> volumes,
        @Json.Property("Warnings") List<String> warnings) {

    /** Absent members become their empty form. */
    public VolumeListResponse {
        volumes = volumes == null ? List.of() : volumes;
        warnings = warnings == null ? List.of() : warnings;
    }
}
