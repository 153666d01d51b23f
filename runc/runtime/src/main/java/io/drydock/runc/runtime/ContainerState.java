package io.drydock.runc.runtime;

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
}
