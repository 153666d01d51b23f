package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** The answer of {@code POST /containers/{id}/update}. */
@Json
public record ContainerUpdateResponse(
        @Json.Property("Warnings") List<String> warnings) {

    /** Absent members become their empty form. */
    public ContainerUpdateResponse {
        warnings = warnings == null ? List.of() : warnings;
    }
}
