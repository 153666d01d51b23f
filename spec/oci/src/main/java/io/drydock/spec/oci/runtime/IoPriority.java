package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** I/O priority of a process, ioprio_set(2). Source: OCI runtime-spec 1.3. */
@Json
public record IoPriority(@Json.Property("class") @Nullable String ioClass, int priority) {}
