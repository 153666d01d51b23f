package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/** How registries are reached. */
@Json
public record RegistryServiceConfig(
        @Json.Property("InsecureRegistryCIDRs") List<String> insecureRegistryCIDRs,
        @Json.Property("IndexConfigs") Map<String, IndexInfo> indexConfigs,
        @Json.Property("Mirrors") List<String> mirrors) {

    /** Absent members become their empty form. */
    public RegistryServiceConfig {
        insecureRegistryCIDRs = insecureRegistryCIDRs == null ? List.of() : insecureRegistryCIDRs;
        indexConfigs = indexConfigs == null ? Map.of() : indexConfigs;
        mirrors = mirrors == null ? List.of() : mirrors;
    }
}
