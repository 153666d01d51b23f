package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The body of {@code POST /containers/{id}/exec}. */
@Json
public record ExecCreateRequest(
        @Json.Property("User") String user,
        @Json.Property("Privileged") boolean privileged,
        @Json.Property("Tty") boolean tty,
        @Json.Property("ConsoleSize") @Nullable List<Integer> consoleSize,
        @Json.Property("AttachStdin") boolean attachStdin,
        @Json.Property("AttachStderr") boolean attachStderr,
        @Json.Property("AttachStdout") boolean attachStdout,
        @Json.Property("DetachKeys") String detachKeys,
        @Json.Property("Env") List<String> env,
        @Json.Property("WorkingDir") String workingDir,
        @Json.Property("Cmd") List<String> cmd) {

    /** Absent members become their empty form. */
    public ExecCreateRequest {
        user = user == null ? "" : user;
        detachKeys = detachKeys == null ? "" : detachKeys;
        env = env == null ? List.of() : env;
        workingDir = workingDir == null ? "" : workingDir;
        cmd = cmd == null ? List.of() : cmd;
    }
}
