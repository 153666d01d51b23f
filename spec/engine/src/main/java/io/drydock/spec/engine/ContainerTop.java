package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** The processes of a container. */
@Json
public record ContainerTop(
        @Json.Property("Titles") List<String> titles,
        @Json.Property("Processes") List<List<String>> processes) {

    /** Absent members become their empty form. */
    public ContainerTop {
        titles = titles == null ? List.of() : titles;
        processes = processes == null ? List.of() : processes;
    }
}
