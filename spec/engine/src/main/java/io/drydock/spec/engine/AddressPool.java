package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** A pool that networks are cut from. */
@Json
public record AddressPool(
        @Json.Property("Base") String base,
        @Json.Property("Size") int size) {

    /** Absent members become their empty form. */
    public AddressPool {
        base = base == null ? "" : base;
    }
}
