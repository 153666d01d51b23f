package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A network device to move into the container. Source: OCI runtime-spec 1.3. */
@Json
public record NetDevice(@Nullable String name) {}
