package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;

/** The bytes of huge pages of a size ({@code 2MB}). Source: OCI runtime-spec 1.3. */
@Json
public record HugepageLimit(String pageSize, long limit) {

    /** Absent texts and collections become empty. */
    public HugepageLimit {
        pageSize = pageSize == null ? "" : pageSize;
    }
}
