package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;

/** Options of a tmpfs mount; bytes and permission bits. */
@Json
public record TmpfsOptions(
        @Json.Property("SizeBytes") long sizeBytes,
        @Json.Property("Mode") int mode,
        @Json.Property("Options") List<List<String>> options) {

    /** Absent members become their empty form. */
    public TmpfsOptions {
        options = options == null ? List.of() : options;
    }
}
