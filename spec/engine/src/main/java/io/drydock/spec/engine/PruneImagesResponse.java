package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** What a prune of images removed. */
@Json
public record PruneImagesResponse(
        @Json.Property("ImagesDeleted") List<ImageDeleteItem> imagesDeleted,
        @Json.Property("SpaceReclaimed") long spaceReclaimed) {

    /** Absent members become their empty form. */
    public PruneImagesResponse {
        imagesDeleted = imagesDeleted == null ? List.of() : imagesDeleted;
    }
}
