package io.drydock.runc.runtime;

import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.State;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * A snapshot of what {@code runc state} prints.
 *
 * @param pid init's pid in the runtime's pid namespace, 0 once it has stopped
 * @param rootfs absolute
 * @param owner the user id that created it
 */
public record ContainerState(
        String ociVersion,
        String id,
        int pid,
        Status status,
        Path bundle,
        Path rootfs,
        Instant created,
        Map<String, String> annotations,
        int owner) {
    public ContainerState {
        annotations = Map.copyOf(annotations);
    }

    ContainerState with(int newPid, Status newStatus) {
        return new ContainerState(ociVersion, id, newPid, newStatus, bundle, rootfs, created, annotations, owner);
    }

    /** The runtime spec's state object, as hooks read it. */
    State hookState() {
        return new State(ociVersion, id, status.word(), pid == 0 ? null : pid, bundle.toString(), annotations);
    }

    byte[] hookJson() {
        return OciJson.write(State.class, hookState());
    }
}
