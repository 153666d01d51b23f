package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The image a manifest is of. */
@Json
public record ManifestImageData(
        @Json.Property("Platform") @Nullable Platform platform,
        @Json.Property("Size") @Nullable ManifestImageSize size,
        @Json.Property("Containers") List<String> containers) {

    /** Absent members become their empty form. */
    public ManifestImageData {
        containers = containers == null ? List.of() : containers;
    }
}
