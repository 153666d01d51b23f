package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The network that another's configuration comes from. */
@Json
public record ConfigReference(@Json.Property("Network") String network) {

    /** Absent members become their empty form. */
    public ConfigReference {
        network = network == null ? "" : network;
    }
}
