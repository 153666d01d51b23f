package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.volume.LocalVolumes;
import io.drydock.linux.Linux;
import io.drydock.linux.Ms;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is mounted on the host for the time of a container's run: volumes with options, and shared memory to be shared. */
final class RunMounts {
    private static final Logger LOG = LoggerFactory.getLogger(RunMounts.class);

    private final Linux linux;
    private final LocalVolumes volumes;
    private final ContainerTable table;
    private final ContainerPaths paths;
    private final EventSink events;

    RunMounts(Linux linux, LocalVolumes volumes, ContainerTable table, ContainerPaths paths, EventSink events) {
        this.linux = linux;
        this.volumes = volumes;
        this.table = table;
        this.paths = paths;
        this.events = events;
    }

    /** Mounts the volumes; those that are mounted when one fails are to be taken away by {@link #unmount}. */
    void mountVolumes(Definition definition) {
        for (MountPlan plan : definition.mounts()) {
            if (plan.isVolume()) {
                volumes.mount(plan.name(), definition.id());
                var attributes = attributes(definition);
                attributes.put("destination", plan.destination());
                attributes.put("read/write", Boolean.toString(plan.writable()));
                attributes.put("propagation", plan.propagation());
                events.publish("volume", "mount", plan.name(), attributes);
            }
        }
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

    private static Map<String, String> attributes(Definition definition) {
        var attributes = new LinkedHashMap<String, String>();
        attributes.put("driver", "local");
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
                    events.publish("volume", "unmount", plan.name(), attributes(definition));
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
