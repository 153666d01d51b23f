package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The configuration blob of an image. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record ImageConfig(
        @Nullable String created,
        @Nullable String author,
        String architecture,
        @Nullable String variant,
        String os,
        @Json.Property("os.version") @Nullable String osVersion,
        @Json.Property("os.features") List<String> osFeatures,
        @Nullable ContainerDefaults config,
        @Nullable RootFs rootfs,
        List<History> history,
        @Json.Property("docker_version") @Nullable String dockerVersion,
        @Nullable String container,
        @Nullable String comment) {

    /** Absent texts and collections become empty. */
    public ImageConfig {
        architecture = architecture == null ? "" : architecture;
        os = os == null ? "" : os;
        osFeatures = osFeatures == null ? List.of() : Collections.unmodifiableList(osFeatures);
        history = history == null ? List.of() : Collections.unmodifiableList(history);
    }
}
