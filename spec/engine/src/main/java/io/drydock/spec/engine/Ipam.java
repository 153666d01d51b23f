package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Address management of a network. */
@Json
public record Ipam(
        @Json.Property("Driver") String driver,
        @Json.Property("Options") @Nullable Map<String, String> options,
        @Json.Property("Config") List<IpamConfig> config) {

    /** Absent members become their empty form. */
    public Ipam {
        driver = driver == null ? "" : driver;
        config = config == null ? List.of() : config;
    }
}
