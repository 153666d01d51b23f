package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** Options of a bind mount. */
@Json
public record BindOptions(
        @Json.Property("Propagation") String propagation,
        @Json.Property("NonRecursive") boolean nonRecursive,
        @Json.Property("CreateMountpoint") boolean createMountpoint,
        @Json.Property("ReadOnlyNonRecursive") boolean readOnlyNonRecursive,
        @Json.Property("ReadOnlyForceRecursive") boolean readOnlyForceRecursive) {

    /** Absent members become their empty form. */
    public BindOptions {
        propagation = propagation == null ? "" : propagation;
    }
}
