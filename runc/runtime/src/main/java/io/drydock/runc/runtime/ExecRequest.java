package io.drydock.runc.runtime;

import io.drydock.linux.Fd;
import java.util.List;
import java.util.Map;

/**
 * A process to start inside a running container.
 *
 * @param process the OCI {@code process} object as JSON
 * @param preserved descriptors the program gets as 3, 4, …
 * @param ignorePaused start it although the container is paused (it runs when the container is resumed)
 * @param handOver as {@link CreateRequest.Options#handOver}
 * @param subCgroups existing groups below the container's to enter, by controller; a path under the empty name counts for all
 */
public record ExecRequest(
        byte[] process,
        Stdio stdio,
        List<Fd> preserved,
        boolean ignorePaused,
        boolean handOver,
        Map<String, String> subCgroups) {
    /** Without handing over, in the container's own groups. */
    public ExecRequest(byte[] process, Stdio stdio, List<Fd> preserved, boolean ignorePaused) {
        this(process, stdio, preserved, ignorePaused, false, Map.of());
    }

    public ExecRequest {
        process = process.clone();
        preserved = List.copyOf(preserved);
        subCgroups = Map.copyOf(subCgroups);
    }
}
