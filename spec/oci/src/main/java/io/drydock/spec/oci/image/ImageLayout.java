package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;

/** The file {@code oci-layout}. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record ImageLayout(String imageLayoutVersion) {

    /** Absent texts and collections become empty. */
    public ImageLayout {
        imageLayoutVersion = imageLayoutVersion == null ? "" : imageLayoutVersion;
    }
}
