package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A mount as a container has it. */
@Json
public record MountPoint(
        @Json.Property("Type") String type,
        @Json.Property("Name") @Nullable String name,
        @Json.Property("Source") String source,
        @Json.Property("Destination") String destination,
        @Json.Property("Driver") @Nullable String driver,
        @Json.Property("Mode") String mode,
        @Json.Property("RW") boolean rw,
        @Json.Property("Propagation") String propagation) {

    /** Absent members become their empty form. */
    public MountPoint {
        type = type == null ? "" : type;
        source = source == null ? "" : source;
        destination = destination == null ? "" : destination;
        mode = mode == null ? "" : mode;
        propagation = propagation == null ? "" : propagation;
    }
}
