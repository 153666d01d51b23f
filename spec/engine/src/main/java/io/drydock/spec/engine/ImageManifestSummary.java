package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** One manifest of an image, as the tree view of {@code docker images} shows it. */
@Json
public record ImageManifestSummary(
        @Json.Property("ID") String id,
        @Json.Property("Descriptor") @Nullable Descriptor descriptor,
        @Json.Property("Available") boolean available,
        @Json.Property("Size") @Nullable ManifestSize size,
        @Json.Property("Kind") String kind,
        @Json.Property("ImageData") @Nullable ManifestImageData imageData) {

    /** Absent members become their empty form. */
    public ImageManifestSummary {
        id = id == null ? "" : id;
        kind = kind == null ? "" : kind;
    }
}
