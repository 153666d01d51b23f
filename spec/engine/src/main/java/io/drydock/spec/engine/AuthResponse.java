package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The answer of {@code POST /auth}. */
@Json
public record AuthResponse(
        @Json.Property("Status") String status,
        @Json.Property("IdentityToken") String identityToken) {

    /** Absent members become their empty form. */
    public AuthResponse {
        status = status == null ? "" : status;
        identityToken = identityToken == null ? "" : identityToken;
    }
}
