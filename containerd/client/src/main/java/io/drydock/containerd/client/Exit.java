package io.drydock.containerd.client;

import java.time.Instant;

/**
 * How a process ended.
 *
 * @param status the exit code, or 128 and the signal
 */
public record Exit(int pid, int status, Instant at) {}
