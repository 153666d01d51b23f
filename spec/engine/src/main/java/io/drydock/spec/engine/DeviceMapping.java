package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A host device shown in a container; permissions are of {@code rwm}. */
@Json
public record DeviceMapping(
        @Json.Property("PathOnHost") String pathOnHost,
        @Json.Property("PathInContainer") String pathInContainer,
        @Json.Property("CgroupPermissions") String cgroupPermissions) {

    /** Absent members become their empty form. */
    public DeviceMapping {
        pathOnHost = pathOnHost == null ? "" : pathOnHost;
        pathInContainer = pathInContainer == null ? "" : pathInContainer;
        cgroupPermissions = cgroupPermissions == null ? "" : cgroupPermissions;
    }
}
