package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A device node in the container; the mode is the permission bits. Source: OCI runtime-spec 1.3. */
@Json
public record Device(
        String path,
        String type,
        long major,
        long minor,
        @Nullable Integer fileMode,
        @Nullable Long uid,
        @Nullable Long gid) {

    /** Absent texts and collections become empty. */
    public Device {
        path = path == null ? "" : path;
        type = type == null ? "" : type;
    }
}
