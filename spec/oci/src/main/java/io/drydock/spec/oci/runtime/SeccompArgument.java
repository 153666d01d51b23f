package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A comparison of an argument; values are unsigned 64-bit numbers. Source: OCI runtime-spec 1.3. */
@Json
public record SeccompArgument(
        int index, BigInteger value, @Nullable BigInteger valueTwo, String op) {

    /** Absent texts and collections become empty. */
    public SeccompArgument {
        op = op == null ? "" : op;
    }
}
