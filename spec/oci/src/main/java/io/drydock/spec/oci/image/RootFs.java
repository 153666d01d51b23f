package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;

/** The diff IDs of an image's layers, the lowest first. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record RootFs(String type, @Json.Property("diff_ids") List<String> diffIds) {

    /** Absent texts and collections become empty. */
    public RootFs {
        type = type == null ? "" : type;
        diffIds = diffIds == null ? List.of() : Collections.unmodifiableList(diffIds);
    }
}
