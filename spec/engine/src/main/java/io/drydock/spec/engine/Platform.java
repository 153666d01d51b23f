package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** What an image or engine runs on. */
@Json
public record Platform(
        String architecture, String os, @Nullable String variant) {

    /** Absent members become their empty form. */
    public Platform {
        architecture = architecture == null ? "" : architecture;
        os = os == null ? "" : os;
    }
}
