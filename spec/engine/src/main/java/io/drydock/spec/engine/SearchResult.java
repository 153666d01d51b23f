package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A repository that a search has found. */
@Json
public record SearchResult(
        @Json.Property("star_count") int starCount,
        @Json.Property("is_official") boolean isOfficial,
        @Json.Property("name") String name,
        @Json.Property("is_automated") boolean isAutomated,
        @Json.Property("description") String description) {

    /** Absent members become their empty form. */
    public SearchResult {
        name = name == null ? "" : name;
        description = description == null ? "" : description;
    }
}
