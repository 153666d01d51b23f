package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A container on a network. */
@Json
public record EndpointResource(
        @Json.Property("Name") String name,
        @Json.Property("EndpointID") String endpointID,
        @Json.Property("MacAddress") String macAddress,
        @Json.Property("IPv4Address") String ipv4Address,
        @Json.Property("IPv6Address") String ipv6Address) {

    /** Absent members become their empty form. */
    public EndpointResource {
        name = name == null ? "" : name;
        endpointID = endpointID == null ? "" : endpointID;
        macAddress = macAddress == null ? "" : macAddress;
        ipv4Address = ipv4Address == null ? "" : ipv4Address;
        ipv6Address = ipv6Address == null ? "" : ipv6Address;
    }
}
