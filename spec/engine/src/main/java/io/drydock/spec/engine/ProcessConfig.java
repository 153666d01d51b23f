package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The process of an exec. */
@Json
public record ProcessConfig(
        boolean tty,
        String entrypoint,
        List<String> arguments,
        boolean privileged,
        @Nullable String user) {

    /** Absent members become their empty form. */
    public ProcessConfig {
        entrypoint = entrypoint == null ? "" : entrypoint;
        arguments = arguments == null ? List.of() : arguments;
    }
}
