package io.drydock.runc.cgroups;

import io.drydock.linux.Linux;
import io.drydock.linux.Poller;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One container's control groups. A process enters by writing {@code 0} to each of {@link #entryFiles} itself, which is cheap;
 * moving another process can stall for milliseconds.
 */
public interface Cgroup {
    /**
     * Makes the groups of a new container.
     *
     * @param path the spec's {@code cgroupsPath}: absolute from the hierarchies' roots, relative from this process's own group;
     *     null or empty is {@code id}
     * @throws IOException also if the groups exist and are frozen ({@code container's cgroup unexpectedly frozen})
     */
    static Cgroup create(CgroupLayout layout, @Nullable String path, String id) throws IOException {
        String wanted = path == null || path.isEmpty() ? id : path;
        return layout.isUnified() ? CgroupV2.create(layout, wanted) : CgroupV1.create(layout, wanted);
    }

    /**
     * The groups of a new container that asks for no place: made where this process may make them, and none where it may not.
     *
     * @param needed the container has limits, which without groups cannot be set
     * @throws IOException if the groups are needed and may not be made
     */
    static Cgroup createIfPermitted(CgroupLayout layout, String id, boolean needed) throws IOException {
        if (!layout.isUnified()) {
            return CgroupV1.createIfPermitted(layout, id);
        }
        try {
            return CgroupV2.create(layout, id);
        } catch (IOException e) {
            if (!CgroupFile.isForbidden(e)) {
                throw e;
            }
            if (needed) {
                throw new IOException(
                        "rootless needs no limits + no cgrouppath when no permission is granted for cgroups: "
                                + e.getMessage(),
                        e);
            }
            return new NoCgroup();
        }
    }

    /**
     * A container to be put under systemd.
     *
     * @param path the spec's {@code cgroupsPath}: {@code slice:prefix:name}
     * @param annotations {@code org.systemd.property.NAME} of these are properties of the unit
     * @param rootless by the user's own systemd
     */
    record Scope(@Nullable String path, String id, Map<String, String> annotations, boolean rootless) {}

    /**
     * Makes the unit and the groups of a new container.
     *
     * @param placeholder a process to be in them until {@link #entered}
     * @param release is run then, or when the groups are deleted
     */
    static Cgroup create(CgroupLayout layout, Systemd systemd, Scope scope, int placeholder, Runnable release)
            throws IOException {
        if (scope.rootless() && !layout.isUnified()) {
            throw new IOException("cannot use rootless systemd cgroups manager on cgroup v1");
        }
        SystemdName name = SystemdName.of(scope.path(), scope.id(), scope.rootless());
        String above = scope.rootless() ? systemd.controlGroup() : "";
        List<Object> properties = SystemdAnnotations.properties(scope.annotations());
        return SystemdCgroup.create(layout, systemd, name, above, placeholder, release, properties);
    }

    /** The groups of an existing container that belong to a unit, by what {@link #paths} and {@link #unit} answered. */
    static Cgroup load(CgroupLayout layout, Map<String, String> paths, Systemd systemd, String unit) {
        return new SystemdCgroup(systemd, unit, load(layout, paths), layout.isUnified(), null);
    }

    /** The unit of systemd that these groups belong to, if they do. */
    default Optional<String> unit() {
        return Optional.empty();
    }

    /** The container's first process has entered. */
    default void entered() {
        // nothing else has kept the groups
    }

    /** The groups of an existing container, by what {@link #paths} answered. */
    static Cgroup load(CgroupLayout layout, Map<String, String> paths) {
        if (paths.isEmpty()) {
            return new NoCgroup();
        }
        return layout.isUnified() ? new CgroupV2(Path.of(paths.getOrDefault("", "/"))) : new CgroupV1(layout, paths);
    }

    /** Directories by hierarchy's controllers ({@code cpu}, {@code name=systemd}); {@code ""} is the unified one. */
    Map<String, String> paths();

    /** Files to write {@code 0} to. */
    List<String> entryFiles();

    /**
     * Files to write {@code 0} to for a further process of a container. Version 2's group takes none any more once the container
     * has moved its first process to a group below and hands controllers down; then the further one goes where the first is.
     *
     * @param first the container's first process
     */
    default List<String> entryFiles(int first) throws IOException {
        return entryFiles();
    }

    /** Sets the limits that are given; leaves the others. Device rules only count when the container is made. */
    void apply(Resources resources, boolean withDevices) throws IOException;

    /** What the groups count now. */
    CgroupStats stats() throws IOException;

    /** Processes killed for want of memory so far. */
    long oomKills() throws IOException;

    /**
     * Calls back each time the container runs out of memory, on the poller's thread, until the watch is closed. On version 1 the
     * kernel also calls once when the group is removed.
     */
    Watch watchOom(Linux linux, Poller poller, Runnable callback) throws IOException;

    /** What is watched until it is closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Pids of all processes, of groups below too; empty once it is deleted. */
    List<Integer> pids() throws IOException;

    /** Stops all processes; returns once they have stopped. */
    void freeze() throws IOException;

    void thaw() throws IOException;

    boolean isFrozen() throws IOException;

    /** Kills everything, atomically where the kernel can. */
    void kill() throws IOException;

    /** Removes the groups and those below them, waiting a little for processes to be gone. */
    void delete() throws IOException;

    /** The unified hierarchy's directory, if the container has one. */
    default Optional<Path> unified() {
        return Optional.ofNullable(paths().get("")).map(Path::of);
    }
}
