package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /networks/{id}/connect}. */
@Json
public record NetworkConnectRequest(
        @Json.Property("Container") String container,
        @Json.Property("EndpointConfig") @Nullable EndpointSettings endpointConfig) {

    /** Absent members become their empty form. */
    public NetworkConnectRequest {
        container = container == null ? "" : container;
    }
}
