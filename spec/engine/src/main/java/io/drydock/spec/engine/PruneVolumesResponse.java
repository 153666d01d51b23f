package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** What a prune of volumes removed. */
@Json
public record PruneVolumesResponse(
        @Json.Property("VolumesDeleted") List<String> volumesDeleted,
        @Json.Property("SpaceReclaimed") long spaceReclaimed) {

    /** Absent members become their empty form. */
    public PruneVolumesResponse {
        volumesDeleted = volumesDeleted == null ? List.of() : volumesDeleted;
    }
}
