package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names of capabilities ({@code CAP_CHOWN}) for each set of a process. Source: OCI runtime-spec 1.3. */
@Json
public record Capabilities(
        @Nullable List<String> bounding,
        @Nullable List<String> effective,
        @Nullable List<String> inheritable,
        @Nullable List<String> permitted,
        @Nullable List<String> ambient) {}
