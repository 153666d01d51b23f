package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** The layers of an image by diff ID. */
@Json
public record RootFs(
        @Json.Property("Type") String type,
        @Json.Property("Layers") List<String> layers) {

    /** Absent members become their empty form. */
    public RootFs {
        type = type == null ? "" : type;
        layers = layers == null ? List.of() : layers;
    }
}
