package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.math.BigInteger;

/** A resource limit of a process; values are unsigned 64-bit numbers, with all bits set for "unlimited". Source: OCI runtime-spec 1.3. */
@Json
public record Rlimit(String type, BigInteger hard, BigInteger soft) {

    /** Absent texts and collections become empty. */
    public Rlimit {
        type = type == null ? "" : type;
    }
}
