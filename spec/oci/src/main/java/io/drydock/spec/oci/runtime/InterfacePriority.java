package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;

/** The priority of traffic through an interface. Source: OCI runtime-spec 1.3. */
@Json
public record InterfacePriority(String name, long priority) {

    /** Absent texts and collections become empty. */
    public InterfacePriority {
        name = name == null ? "" : name;
    }
}
