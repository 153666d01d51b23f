package io.drydock.docker.engine.container.store;

import io.avaje.jsonb.Json;

/**
 * One mount of a container.
 *
 * @param type {@code bind}, {@code volume} or {@code tmpfs}
 * @param name the volume's name; empty for others
 * @param source the host's path; empty for tmpfs
 * @param destination the path in the container
 * @param driver the volume's driver; empty for others
 * @param mode what the user wrote behind the last colon
 * @param writable whether the container may write
 * @param propagation {@code rprivate} and the like; empty for volumes and tmpfs
 * @param copyUp whether an empty volume is filled from the image at the first start
 * @param options further options of a tmpfs, comma-separated
 * @param anonymous whether the volume was made for this container and goes with it
 */
@Json
public record MountPlan(
        String type,
        String name,
        String source,
        String destination,
        String driver,
        String mode,
        boolean writable,
        String propagation,
        boolean copyUp,
        String options,
        boolean anonymous) {

    /** Whether this is a volume. */
    public boolean isVolume() {
        return type.equals("volume");
    }
}
