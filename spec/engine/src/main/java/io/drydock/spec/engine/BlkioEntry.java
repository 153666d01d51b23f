package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** One counter of one device. */
@Json
public record BlkioEntry(long major, long minor, String op, long value) {

    /** Absent members become their empty form. */
    public BlkioEntry {
        op = op == null ? "" : op;
    }
}
