package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;

/** The networks that a listing shows. */
@Json
public record SummaryNetworkSettings(
        @Json.Property("Networks") Map<String, EndpointSettings> networks) {

    /** Absent members become their empty form. */
    public SummaryNetworkSettings {
        networks = networks == null ? Map.of() : networks;
    }
}
