package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** One registry. */
@Json
public record IndexInfo(
        @Json.Property("Name") String name,
        @Json.Property("Mirrors") List<String> mirrors,
        @Json.Property("Secure") boolean secure,
        @Json.Property("Official") boolean official) {

    /** Absent members become their empty form. */
    public IndexInfo {
        name = name == null ? "" : name;
        mirrors = mirrors == null ? List.of() : mirrors;
    }
}
