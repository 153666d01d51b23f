package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who writes the firewall's rules. */
@Json
public record FirewallInfo(
        @Json.Property("Driver") String driver,
        @Json.Property("Info") @Nullable List<List<String>> info) {

    /** Absent members become their empty form. */
    public FirewallInfo {
        driver = driver == null ? "" : driver;
    }
}
