package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A Linux namespace: new, or that of a path. Source: OCI runtime-spec 1.3. */
@Json
public record Namespace(String type, @Nullable String path) {

    /** Absent texts and collections become empty. */
    public Namespace {
        type = type == null ? "" : type;
    }
}
