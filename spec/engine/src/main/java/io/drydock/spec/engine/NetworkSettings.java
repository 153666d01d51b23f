package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;

/**
 * A container's networks. The fields from bridge to macAddress repeat the default bridge's for clients before API
 * 1.52.
 */
@Json
public record NetworkSettings(
        @Json.Property("Bridge") String bridge,
        @Json.Property("SandboxID") String sandboxID,
        @Json.Property("SandboxKey") String sandboxKey,
        @Json.Property("Ports") Map<String, List<PortBinding>> ports,
        @Json.Property("HairpinMode") boolean hairpinMode,
        @Json.Property("LinkLocalIPv6Address") String linkLocalIPv6Address,
        @Json.Property("LinkLocalIPv6PrefixLen") int linkLocalIPv6PrefixLen,
        @Json.Property("EndpointID") String endpointID,
        @Json.Property("Gateway") String gateway,
        @Json.Property("GlobalIPv6Address") String globalIPv6Address,
        @Json.Property("GlobalIPv6PrefixLen") int globalIPv6PrefixLen,
        @Json.Property("IPAddress") String ipAddress,
        @Json.Property("IPPrefixLen") int ipPrefixLen,
        @Json.Property("IPv6Gateway") String ipv6Gateway,
        @Json.Property("MacAddress") String macAddress,
        @Json.Property("Networks") Map<String, EndpointSettings> networks) {

    /** Absent members become their empty form. */
    public NetworkSettings {
        bridge = bridge == null ? "" : bridge;
        sandboxID = sandboxID == null ? "" : sandboxID;
        sandboxKey = sandboxKey == null ? "" : sandboxKey;
        ports = ports == null ? Map.of() : ports;
        linkLocalIPv6Address = linkLocalIPv6Address == null ? "" : linkLocalIPv6Address;
        endpointID = endpointID == null ? "" : endpointID;
        gateway = gateway == null ? "" : gateway;
        globalIPv6Address = globalIPv6Address == null ? "" : globalIPv6Address;
        ipAddress = ipAddress == null ? "" : ipAddress;
        ipv6Gateway = ipv6Gateway == null ? "" : ipv6Gateway;
        macAddress = macAddress == null ? "" : macAddress;
        networks = networks == null ? Map.of() : networks;
    }
}
