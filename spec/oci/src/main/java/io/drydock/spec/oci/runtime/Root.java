package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;

/** The root file system, a path relative to the bundle or absolute. Source: OCI runtime-spec 1.3. */
@Json
public record Root(String path, boolean readonly) {

    /** Absent texts and collections become empty. */
    public Root {
        path = path == null ? "" : path;
    }
}
