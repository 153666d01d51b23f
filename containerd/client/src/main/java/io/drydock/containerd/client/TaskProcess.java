package io.drydock.containerd.client;

import java.time.Instant;

/**
 * What containerd knows of a task's init, or of an exec.
 *
 * @param id the container's id for its init, else the exec's
 * @param exitStatus meaningful when stopped, with exitedAt
 */
public record TaskProcess(
        String containerId, String id, int pid, Status status, Stdio stdio, int exitStatus, Instant exitedAt) {
    /** The state. */
    public enum Status {
        UNKNOWN,
        CREATED,
        RUNNING,
        STOPPED,
        PAUSED,
        PAUSING
    }
}
