package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /exec/{id}/start}. */
@Json
public record ExecStartRequest(
        @Json.Property("Detach") boolean detach,
        @Json.Property("Tty") boolean tty,
        @Json.Property("ConsoleSize") @Nullable List<Integer> consoleSize) {}
