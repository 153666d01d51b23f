package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;

/** The networks a new container is joined to, by name. */
@Json
public record NetworkingConfig(
        @Json.Property("EndpointsConfig") Map<String, EndpointSettings> endpointsConfig) {

    /** Absent members become their empty form. */
    public NetworkingConfig {
        endpointsConfig = endpointsConfig == null ? Map.of() : endpointsConfig;
    }
}
