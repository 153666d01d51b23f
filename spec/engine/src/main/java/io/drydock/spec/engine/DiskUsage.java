package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** The answer of {@code GET /system/df}. */
@Json
public record DiskUsage(
        @Json.Property("LayersSize") long layersSize,
        @Json.Property("Images") List<ImageSummary> images,
        @Json.Property("Containers") List<ContainerSummary> containers,
        @Json.Property("Volumes") List<Volume> volumes,
        @Json.Property("BuildCache") List<String> buildCache) {

    /** Absent members become their empty form. */
    public DiskUsage {
        images = images == null ? List.of() : images;
        containers = containers == null ? List.of() : containers;
        volumes = volumes == null ? List.of() : volumes;
        buildCache = buildCache == null ? List.of() : buildCache;
    }
}
