package io.drydock.spec.engine;

import io.avaje.jsonb.Json;
import org.jspecify.annotations.Nullable;

/** The answer of {@code GET /exec/{id}/json}; exitCode is null while it has not ended. */
@Json
public record ExecInspect(
        @Json.Property("ID") String id,
        @Json.Property("Running") boolean running,
        @Json.Property("ExitCode") @Nullable Integer exitCode,
        @Json.Property("ProcessConfig") @Nullable ProcessConfig processConfig,
        @Json.Property("OpenStdin") boolean openStdin,
        @Json.Property("OpenStderr") boolean openStderr,
        @Json.Property("OpenStdout") boolean openStdout,
        @Json.Property("CanRemove") boolean canRemove,
        @Json.Property("ContainerID") String containerID,
        @Json.Property("DetachKeys") String detachKeys,
        @Json.Property("Pid") int pid) {

    /** Absent members become their empty form. */
    public ExecInspect {
        id = id == null ? "" : id;
        containerID = containerID == null ? "" : containerID;
        detachKeys = detachKeys == null ? "" : detachKeys;
    }
}
