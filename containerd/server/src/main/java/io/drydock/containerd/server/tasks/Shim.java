package io.drydock.containerd.server.tasks;

import java.time.Duration;

/** What serves tasks: the one resident shim, or a foreign one that serves a single task. */
sealed interface Shim permits ResidentShim, ForeignShim {
    /** How long a caller waits for a shim that is being started. */
    Duration PATIENCE = Duration.ofSeconds(60);

    /**
     * A connection that was alive a moment ago.
     *
     * @throws io.drydock.rpc.RpcException UNAVAILABLE if the shim does not come back in time, or never will
     */
    ShimClient client();

    /** How the next containerd reaches it. */
    ShimAddress address();

    /** Whether {@link #client} waits for a new shim after the old one died; if not, the task ends with its shim. */
    boolean comesBack();

    /** Called when the last call for a task was made. */
    void release(TaskKey task);
}
