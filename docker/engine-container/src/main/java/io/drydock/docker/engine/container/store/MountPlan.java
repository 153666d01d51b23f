package io.drydock.docker.engine.container.store;

import io.avaje.jsonb.Json;
import java.util.List;

/**
 * One mount of a container.
 *
 * @param type {@code bind}, {@code volume}, {@code image} or {@code tmpfs}
 * @param name the volume's or the image's name; empty for others
 * @param source the host's path; empty for tmpfs
 * @param destination the path in the container
 * @param driver the volume's driver; empty for others
 * @param mode what the user wrote behind the last colon
 * @param writable whether the container may write
 * @param propagation {@code rprivate} and the like; empty for volumes and tmpfs
 * @param copyUp whether an empty volume is filled from the image at the first start
 * @param options further options of a tmpfs, or of a bind {@link #NON_RECURSIVE} and how it is read-only; comma-separated
 * @param anonymous whether the volume was made for this container and goes with it
 * @param subpath what of the volume or image is mounted, relative; empty for all of it
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
        boolean anonymous,
        String subpath) {
    /** What is mounted below the source stays away. */
    public static final String NON_RECURSIVE = "bind";

    /** What is mounted below the source stays writable. */
    public static final String READ_ONLY_NON_RECURSIVE = "ro-non-recursive";

    /** No container without everything below the source being read-only. */
    public static final String READ_ONLY_FORCE_RECURSIVE = "ro-force-recursive";

    /** A mount of an engine that knew no subpaths has none. */
    public MountPlan {
        subpath = subpath == null ? "" : subpath;
    }

    /** A mount of the whole source. */
    public MountPlan(
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
        this(type, name, source, destination, driver, mode, writable, propagation, copyUp, options, anonymous, "");
    }

    /** The same from another path of the host. */
    public MountPlan withSource(String other) {
        return with(other, options);
    }

    /** The same with other options. */
    public MountPlan withOptions(String other) {
        return with(source, other);
    }

    private MountPlan with(String itsSource, String itsOptions) {
        return new MountPlan(
                type,
                name,
                itsSource,
                destination,
                driver,
                mode,
                writable,
                propagation,
                copyUp,
                itsOptions,
                anonymous,
                subpath);
    }

    /** Whether it has an option. */
    public boolean has(String option) {
        return List.of(options.split(",")).contains(option);
    }

    /** Whether this is an image. */
    public boolean isImage() {
        return type.equals("image");
    }

    /** Whether this is a volume. */
    public boolean isVolume() {
        return type.equals("volume");
    }
}
