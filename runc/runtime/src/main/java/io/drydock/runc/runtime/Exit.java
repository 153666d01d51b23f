package io.drydock.runc.runtime;

import io.drydock.linux.ExitStatus;
import java.time.Instant;

/** How and when a process ended, as its parent, the keeper, saw it. */
public record Exit(ExitStatus status, Instant at) {}
