package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A mount asked for by {@code --mount}. */
@Json
public record Mount(
        @Json.Property("Type") String type,
        @Json.Property("Source") String source,
        @Json.Property("Target") String target,
        @Json.Property("ReadOnly") boolean readOnly,
        @Json.Property("Consistency") String consistency,
        @Json.Property("BindOptions") @Nullable BindOptions bindOptions,
        @Json.Property("VolumeOptions") @Nullable VolumeOptions volumeOptions,
        @Json.Property("ImageOptions") @Nullable ImageOptions imageOptions,
        @Json.Property("TmpfsOptions") @Nullable TmpfsOptions tmpfsOptions) {

    /** Absent members become their empty form. */
    public Mount {
        type = type == null ? "" : type;
        source = source == null ? "" : source;
        target = target == null ? "" : target;
        consistency = consistency == null ? "" : consistency;
    }
}
