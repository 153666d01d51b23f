package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A network. */
@Json
public record Network(
        @Json.Property("Name") String name,
        @Json.Property("Id") String id,
        @Json.Property("Created") String created,
        @Json.Property("Scope") String scope,
        @Json.Property("Driver") String driver,
        @Json.Property("EnableIPv4") boolean enableIpv4,
        @Json.Property("EnableIPv6") boolean enableIpv6,
        @Json.Property("IPAM") @Nullable Ipam ipam,
        @Json.Property("Internal") boolean internal,
        @Json.Property("Attachable") boolean attachable,
        @Json.Property("Ingress") boolean ingress,
        @Json.Property("ConfigFrom") @Nullable ConfigReference configFrom,
        @Json.Property("ConfigOnly") boolean configOnly,
        @Json.Property("Containers") Map<String, EndpointResource> containers,
        @Json.Property("Options") Map<String, String> options,
        @Json.Property("Labels") Map<String, String> labels) {

    /** Absent members become their empty form. */
    public Network {
        name = name == null ? "" : name;
        id = id == null ? "" : id;
        created = created == null ? "" : created;
        scope = scope == null ? "" : scope;
        driver = driver == null ? "" : driver;
        containers = containers == null ? Map.of() : containers;
        options = options == null ? Map.of() : options;
        labels = labels == null ? Map.of() : labels;
    }
}
