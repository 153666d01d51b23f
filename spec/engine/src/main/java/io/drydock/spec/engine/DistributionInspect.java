package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a registry knows of an image. */
@Json
public record DistributionInspect(
        @Json.Property("Descriptor") @Nullable Descriptor descriptor,
        @Json.Property("Platforms") List<Platform> platforms) {

    /** Absent members become their empty form. */
    public DistributionInspect {
        platforms = platforms == null ? List.of() : platforms;
    }
}
