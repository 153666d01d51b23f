package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /networks/create}. */
@Json
public record NetworkCreateRequest(
        @Json.Property("Name") String name,
        @Json.Property("Driver") String driver,
        @Json.Property("Scope") String scope,
        @Json.Property("Internal") boolean internal,
        @Json.Property("Attachable") boolean attachable,
        @Json.Property("Ingress") boolean ingress,
        @Json.Property("ConfigOnly") boolean configOnly,
        @Json.Property("ConfigFrom") @Nullable ConfigReference configFrom,
        @Json.Property("IPAM") @Nullable Ipam ipam,
        @Json.Property("EnableIPv4") @Nullable Boolean enableIpv4,
        @Json.Property("EnableIPv6") @Nullable Boolean enableIpv6,
        @Json.Property("Options") Map<String, String> options,
        @Json.Property("Labels") Map<String, String> labels) {

    /** Absent members become their empty form. */
    public NetworkCreateRequest {
        name = name == null ? "" : name;
        driver = driver == null ? "" : driver;
        scope = scope == null ? "" : scope;
        options = options == null ? Map.of() : options;
        labels = labels == null ? Map.of() : labels;
    }
}
