package io.drydock.spec.oci.runtime;

import io.avaje.jsonb.Json;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A program run at a point of a container's life; the timeout is in seconds. Source: OCI runtime-spec 1.3. */
@Json
public record Hook(
        String path,
        List<String> args,
        List<String> env,
        @Nullable Integer timeout) {

    /** Absent texts and collections become empty. */
    public Hook {
        path = path == null ? "" : path;
        args = args == null ? List.of() : Collections.unmodifiableList(args);
        env = env == null ? List.of() : Collections.unmodifiableList(env);
    }
}
