package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** Access to devices: allowed or not, by type, number and {@code rwm}. Source: OCI runtime-spec 1.3. */
@Json
public record DeviceRule(
        boolean allow,
        @Nullable String type,
        @Nullable Long major,
        @Nullable Long minor,
        @Nullable String access) {}
