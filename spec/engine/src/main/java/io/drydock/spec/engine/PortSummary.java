package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** A port as a listing shows it; publicPort is 0 if it is not published. */
@Json
public record PortSummary(
        @Json.Property("IP") @Nullable String ip,
        @Json.Property("PrivatePort") int privatePort,
        @Json.Property("PublicPort") @Nullable Integer publicPort,
        @Json.Property("Type") String type) {

    /** Absent members become their empty form. */
    public PortSummary {
        type = type == null ? "" : type;
    }
}
