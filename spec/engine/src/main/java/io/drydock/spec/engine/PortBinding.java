package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A host address a container's port is published on. */
@Json
public record PortBinding(
        @Json.Property("HostIp") String hostIp,
        @Json.Property("HostPort") String hostPort) {

    /** Absent members become their empty form. */
    public PortBinding {
        hostIp = hostIp == null ? "" : hostIp;
        hostPort = hostPort == null ? "" : hostPort;
    }
}
