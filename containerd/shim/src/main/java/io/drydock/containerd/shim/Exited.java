package io.drydock.containerd.shim;

import java.time.Instant;

/**
 * How a process ended, as the task API tells it.
 *
 * @param status the exit code, or 128 and the signal
 */
record Exited(int status, Instant at) {}
