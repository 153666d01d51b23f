package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** What a prune of networks removed. */
@Json
public record PruneNetworksResponse(
        @Json.Property("NetworksDeleted") List<String> networksDeleted) {

    /** Absent members become their empty form. */
    public PruneNetworksResponse {
        networksDeleted = networksDeleted == null ? List.of() : networksDeleted;
    }
}
