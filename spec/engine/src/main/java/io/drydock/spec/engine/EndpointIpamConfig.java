package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** Addresses asked for. */
@Json
public record EndpointIpamConfig(
        @Json.Property("IPv4Address") String ipv4Address,
        @Json.Property("IPv6Address") String ipv6Address,
        @Json.Property("LinkLocalIPs") List<String> linkLocalIPs) {

    /** Absent members become their empty form. */
    public EndpointIpamConfig {
        ipv4Address = ipv4Address == null ? "" : ipv4Address;
        ipv6Address = ipv6Address == null ? "" : ipv6Address;
        linkLocalIPs = linkLocalIPs == null ? List.of() : linkLocalIPs;
    }
}
