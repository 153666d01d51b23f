package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Media type, digest and size of a blob. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record Descriptor(
        String mediaType,
        String digest,
        long size,
        List<String> urls,
        Map<String, String> annotations,
        @Nullable String data,
        @Nullable Platform platform,
        @Nullable String artifactType) {

    /** Absent texts and collections become empty. */
    public Descriptor {
        mediaType = mediaType == null ? "" : mediaType;
        digest = digest == null ? "" : digest;
        urls = urls == null ? List.of() : Collections.unmodifiableList(urls);
        annotations = annotations == null ? Map.of() : Collections.unmodifiableMap(annotations);
    }

    /** A blob without more to say. */
    public static Descriptor of(String mediaType, String digest, long size) {
        return new Descriptor(mediaType, digest, size, List.of(), Map.of(), null, null, null);
    }
}
