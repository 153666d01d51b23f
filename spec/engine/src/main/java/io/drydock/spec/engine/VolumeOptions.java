package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Options of a volume mount. */
@Json
public record VolumeOptions(
        @Json.Property("NoCopy") boolean noCopy,
        @Json.Property("Labels") Map<String, String> labels,
        @Json.Property("DriverConfig") @Nullable VolumeDriverConfig driverConfig,
        @Json.Property("Subpath") String subpath) {

    /** Absent members become their empty form. */
    public VolumeOptions {
        labels = labels == null ? Map.of() : labels;
        subpath = subpath == null ? "" : subpath;
    }
}
