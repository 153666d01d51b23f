package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import java.util.List;

/**
 * A process to start inside a running container.
 *
 * @param process the OCI {@code process} object as JSON
 * @param preserved descriptors the program gets as 3, 4, …
 * @param ignorePaused start it although the container is paused (it runs when the container is resumed)
 * @param handOver as {@link CreateRequest.Options#handOver}
 */
public record ExecRequest(byte[] process, Stdio stdio, List<Fd> preserved, boolean ignorePaused, boolean handOver) {
    /** Without handing over. */
    public ExecRequest(byte[] process, Stdio stdio, List<Fd> preserved, boolean ignorePaused) {
        this(process, stdio, preserved, ignorePaused, false);
    }

    public ExecRequest {
        process = process.clone();
        preserved = List.copyOf(preserved);
    }
}
