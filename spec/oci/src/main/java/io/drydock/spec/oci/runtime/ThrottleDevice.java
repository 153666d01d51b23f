package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;

/** The rate of a block device, in bytes or operations a second. Source: OCI runtime-spec 1.3. */
@Json
public record ThrottleDevice(long major, long minor, long rate) {}
