package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** What a prune of containers removed. */
@Json
public record PruneContainersResponse(
        @Json.Property("ContainersDeleted") List<String> containersDeleted,
        @Json.Property("SpaceReclaimed") long spaceReclaimed) {

    /** Absent members become their empty form. */
    public PruneContainersResponse {
        containersDeleted = containersDeleted == null ? List.of() : containersDeleted;
    }
}
