package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An OCI descriptor as the engine shows it. */
@Json
public record Descriptor(
        String mediaType,
        String digest,
        long size,
        @Nullable Map<String, String> annotations,
        @Nullable Platform platform) {

    /** Absent members become their empty form. */
    public Descriptor {
        mediaType = mediaType == null ? "" : mediaType;
        digest = digest == null ? "" : digest;
    }
}
