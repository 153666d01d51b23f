package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** The answer of {@code POST /containers/create}. */
@Json
public record ContainerCreateResponse(
        @Json.Property("Id") String id,
        @Json.Property("Warnings") List<String> warnings) {

    /** Absent members become their empty form. */
    public ContainerCreateResponse {
        id = id == null ? "" : id;
        warnings = warnings == null ? List.of() : warnings;
    }
}
