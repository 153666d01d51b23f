package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.volume.Ids;
import io.drydock.docker.engine.container.volume.PinnedPaths;
import io.drydock.docker.engine.container.volume.Volumes;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.linux.Linux;
import io.drydock.linux.Ms;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is mounted on the host for the time of a container's run: volumes with options, and shared memory to be shared. */
final class RunMounts {
    private static final Logger LOG = LoggerFactory.getLogger(RunMounts.class);

    private final Linux linux;
    private final ContainerdClient containerd;
    private final Volumes volumes;
    private final ContainerTable table;
    private final ContainerPaths paths;
    private final EventSink events;

    RunMounts(
            Linux linux,
            ContainerdClient containerd,
            Volumes volumes,
            ContainerTable table,
            ContainerPaths paths,
            EventSink events) {
        this.linux = linux;
        this.containerd = containerd;
        this.volumes = volumes;
        this.table = table;
        this.paths = paths;
        this.events = events;
    }

    /** Mount points of the host to be used for one start. */
    PinnedPaths pins() {
        return new PinnedPaths(linux, paths.mounts());
    }

    /** Takes away what an engine that was killed has left on the host. */
    void sweep() {
        try {
            PinnedPaths.sweep(linux, paths.mounts());
        } catch (IOException e) {
            LOG.warn("clean \"{}\": {}", paths.mounts(), e.getMessage());
        }
    }

    /**
     * Mounts the volumes and images; volumes that are mounted when one fails are to be taken away by {@link #unmount}.
     *
     * @return the mounts with the paths that the container is to have now
     */
    List<MountPlan> mount(Definition definition, PinnedPaths pins) throws IOException {
        var placed = new ArrayList<MountPlan>();
        for (MountPlan plan : definition.mounts()) {
            Path place = place(definition, plan, definition.id(), pins);
            placed.add(place == null ? plan : plan.withSource(place.toString()));
            if (plan.isVolume()) {
                var attributes = attributes(definition, plan);
                attributes.put("destination", plan.destination());
                attributes.put("read/write", Boolean.toString(plan.writable()));
                attributes.put("propagation", plan.propagation());
                events.publish("volume", "mount", plan.name(), attributes);
            }
        }
        return placed;
    }

    private @Nullable Path place(Definition definition, MountPlan plan, String user, PinnedPaths pins)
            throws IOException {
        if (plan.isVolume()) {
            Path files = volumes.mount(plan.name(), user);
            try {
                return pins.pin(files, plan.subpath());
            } catch (IOException | EngineException e) {
                volumes.unmount(plan.name(), user);
                throw e;
            }
        }
        if (plan.isImage()) {
            var view = containerd
                    .snapshots(ImageCatalog.SNAPSHOTTER)
                    .mounts(ImageMounts.key(definition.id(), plan.destination()));
            return pins.pin(pins.image(view), plan.subpath());
        }
        return plan.source().isEmpty() ? null : Path.of(plan.source());
    }

    /** A mount of a container that does not run, for the time of one operation. */
    final class Visit implements AutoCloseable {
        private final PinnedPaths pins = pins();
        private final MountPlan plan;
        private final String user;
        private final Path directory;

        private Visit(Definition definition, MountPlan plan) throws IOException {
            this.plan = plan;
            this.user = "visit-" + Ids.random();
            try {
                this.directory =
                        Objects.requireNonNull(place(definition, plan, user, pins), "a mount without a source");
            } catch (IOException | RuntimeException e) {
                pins.close();
                throw e;
            }
        }

        /** Where its files are; a file itself if that is what is mounted. */
        Path directory() {
            return directory;
        }

        @Override
        public void close() {
            pins.close();
            if (plan.isVolume()) {
                volumes.unmount(plan.name(), user);
            }
        }
    }

    /** Mounts what a container would have at a place; null if that is nothing of the host. */
    @Nullable
    Visit visit(Definition definition, MountPlan plan) throws IOException {
        return plan.isVolume() || plan.isImage() || !plan.source().isEmpty() ? new Visit(definition, plan) : null;
    }

    /** A container that runs was taken over. */
    void adopt(Definition definition) {
        for (MountPlan plan : definition.mounts()) {
            if (plan.isVolume()) {
                try {
                    volumes.mount(plan.name(), definition.id());
                } catch (EngineException e) {
                    LOG.error("take over volume {}: {}", plan.name(), e.getMessage());
                }
            }
        }
    }

    private static Map<String, String> attributes(Definition definition, MountPlan plan) {
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("driver", plan.driver());
        attributes.put("container", definition.id());
        return attributes;
    }

    /**
     * The host's directory that becomes the container's /dev/shm; null if the runtime makes one.
     *
     * @param size of shared memory in bytes, for a container that shares its own
     */
    @Nullable
    Path sharedMemory(Definition definition, long size) throws IOException {
        String mode = definition.hostConfig().ipcMode();
        if (mode.equals("shareable")) {
            Path directory = paths.sharedMemory(definition.id());
            Files.createDirectories(directory);
            String data = "mode=1777,size=" + size;
            linux.mounts().mount("shm", directory.toString(), "tmpfs", Ms.NOSUID | Ms.NODEV | Ms.NOEXEC, data);
            return directory;
        }
        if (!mode.startsWith("container:")) {
            return null;
        }
        var donor = table.find(mode.substring("container:".length()));
        return switch (donor.definition().hostConfig().ipcMode()) {
            case "host" -> Path.of("/dev/shm");
            case "shareable" -> paths.sharedMemory(donor.id);
            default ->
                throw EngineException.invalid("can't join IPC of container " + donor.id
                        + ": non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
        };
    }

    /** The run is over, or never came to be. */
    void unmount(Definition definition) {
        for (MountPlan plan : definition.mounts()) {
            if (plan.isVolume()) {
                try {
                    volumes.unmount(plan.name(), definition.id());
                    events.publish("volume", "unmount", plan.name(), attributes(definition, plan));
                } catch (EngineException e) {
                    LOG.error("{}", e.getMessage());
                }
            }
        }
        if (definition.hostConfig().ipcMode().equals("shareable")) {
            try {
                linux.mounts().umount(paths.sharedMemory(definition.id()).toString(), Ms.UMOUNT_DETACH);
            } catch (IOException e) {
                LOG.debug("unmount the shared memory of {}: {}", definition.id(), e.getMessage());
            }
        }
    }
}
