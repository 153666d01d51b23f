package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;

/** An offset of a clock in a time namespace. Source: OCI runtime-spec 1.3. */
@Json
public record TimeOffset(long secs, long nanosecs) {}
