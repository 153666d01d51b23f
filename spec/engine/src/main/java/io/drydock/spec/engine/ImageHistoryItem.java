package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step of an image's history; created is seconds since the epoch. */
@Json
public record ImageHistoryItem(
        @Json.Property("Id") String id,
        @Json.Property("Created") long created,
        @Json.Property("CreatedBy") String createdBy,
        @Json.Property("Tags") @Nullable List<String> tags,
        @Json.Property("Size") long size,
        @Json.Property("Comment") String comment) {

    /** Absent members become their empty form. */
    public ImageHistoryItem {
        id = id == null ? "" : id;
        createdBy = createdBy == null ? "" : createdBy;
        comment = comment == null ? "" : comment;
    }
}
