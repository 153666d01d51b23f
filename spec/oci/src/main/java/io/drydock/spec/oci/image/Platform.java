package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an image runs on. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record Platform(
        String architecture,
        String os,
        @Json.Property("os.version") @Nullable String osVersion,
        @Json.Property("os.features") List<String> osFeatures,
        @Nullable String variant) {

    /** Absent texts and collections become empty. */
    public Platform {
        architecture = architecture == null ? "" : architecture;
        os = os == null ? "" : os;
        osFeatures = osFeatures == null ? List.of() : Collections.unmodifiableList(osFeatures);
    }
}
