package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A container's place on one network. */
@Json
public record EndpointSettings(
        @Json.Property("IPAMConfig") @Nullable EndpointIpamConfig ipamConfig,
        @Json.Property("Links") List<String> links,
        @Json.Property("MacAddress") String macAddress,
        @Json.Property("Aliases") List<String> aliases,
        @Json.Property("DriverOpts") Map<String, String> driverOpts,
        @Json.Property("GwPriority") long gwPriority,
        @Json.Property("NetworkID") String networkID,
        @Json.Property("EndpointID") String endpointID,
        @Json.Property("Gateway") String gateway,
        @Json.Property("IPAddress") String ipAddress,
        @Json.Property("IPPrefixLen") int ipPrefixLen,
        @Json.Property("IPv6Gateway") String ipv6Gateway,
        @Json.Property("GlobalIPv6Address") String globalIPv6Address,
        @Json.Property("GlobalIPv6PrefixLen") long globalIPv6PrefixLen,
        @Json.Property("DNSNames") List<String> dnsNames) {

    /** Absent members become their empty form. */
    public EndpointSettings {
        links = links == null ? List.of() : links;
        macAddress = macAddress == null ? "" : macAddress;
        aliases = aliases == null ? List.of() : aliases;
        driverOpts = driverOpts == null ? Map.of() : driverOpts;
        networkID = networkID == null ? "" : networkID;
        endpointID = endpointID == null ? "" : endpointID;
        gateway = gateway == null ? "" : gateway;
        ipAddress = ipAddress == null ? "" : ipAddress;
        ipv6Gateway = ipv6Gateway == null ? "" : ipv6Gateway;
        globalIPv6Address = globalIPv6Address == null ? "" : globalIPv6Address;
        dnsNames = dnsNames == null ? List.of() : dnsNames;
    }
}
