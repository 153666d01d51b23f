package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A volume. */
@Json
public record Volume(
        @Json.Property("CreatedAt") String createdAt,
        @Json.Property("Driver") String driver,
        @Json.Property("Labels") Map<String, String> labels,
        @Json.Property("Mountpoint") String mountpoint,
        @Json.Property("Name") String name,
        @Json.Property("Options") Map<String, String> options,
        @Json.Property("Scope") String scope,
        @Json.Property("Status") @Nullable Map<String, Object> status,
        @Json.Property("UsageData") @Nullable VolumeUsage usageData) {

    /** Absent members become their empty form. */
    public Volume {
        createdAt = createdAt == null ? "" : createdAt;
        driver = driver == null ? "" : driver;
        labels = labels == null ? Map.of() : labels;
        mountpoint = mountpoint == null ? "" : mountpoint;
        name = name == null ? "" : name;
        options = options == null ? Map.of() : options;
        scope = scope == null ? "" : scope;
    }
}
