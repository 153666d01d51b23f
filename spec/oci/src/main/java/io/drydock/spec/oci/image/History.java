package io.drydock.spec.oci.image;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** How a layer came to be. Source: OCI image-spec 1.1 and Docker's additions. */
@Json
public record History(
        @Nullable String created,
        @Nullable String author,
        @Json.Property("created_by") @Nullable String createdBy,
        @Nullable String comment,
        @Json.Property("empty_layer") @Nullable Boolean emptyLayer) {}
