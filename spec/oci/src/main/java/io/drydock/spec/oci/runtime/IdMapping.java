package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;

/** A range of ids in a user namespace. Source: OCI runtime-spec 1.3. */
@Json
public record IdMapping(long containerID, long hostID, long size) {}
