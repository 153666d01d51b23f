package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;

/** The size of a terminal in characters. Source: OCI runtime-spec 1.3. */
@Json
public record Box(int height, int width) {}
