package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One address pool. */
@Json
public record IpamConfig(
        @Json.Property("Subnet") String subnet,
        @Json.Property("IPRange") @Nullable String ipRange,
        @Json.Property("Gateway") @Nullable String gateway,
        @Json.Property("AuxiliaryAddresses") @Nullable Map<String, String> auxiliaryAddresses) {

    /** Absent members become their empty form. */
    public IpamConfig {
        subnet = subnet == null ? "" : subnet;
    }
}
