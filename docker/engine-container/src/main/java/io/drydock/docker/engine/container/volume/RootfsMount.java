package io.drydock.docker.engine.container.volume;

import io.drydock.containerd.client.Mount;
import io.drydock.linux.Linux;
import io.drydock.linux.Ms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A container's root file system mounted for the engine's own use, for the time of one operation. */
public final class RootfsMount implements AutoCloseable {
    private final Linux linux;
    private final Path directory;

    private RootfsMount(Linux linux, Path directory) {
        this.linux = linux;
        this.directory = directory;
    }

    /**
     * Mounts a snapshot.
     *
     * @param scratch where to make the mount point
     */
    public static RootfsMount of(Linux linux, List<Mount> mounts, Path scratch) throws IOException {
        Files.createDirectories(scratch);
        Path target = Files.createTempDirectory(scratch, "rootfs-");
        try {
            for (Mount mount : mounts) {
                mount(linux, mount, target);
            }
            return new RootfsMount(linux, target);
        } catch (IOException e) {
            Files.delete(target);
            throw e;
        }
    }

    private static void mount(Linux linux, Mount mount, Path target) throws IOException {
        long flags = 0;
        var data = new ArrayList<String>();
        for (String option : mount.options()) {
            switch (option) {
                case "rbind" -> flags |= Ms.BIND | Ms.REC;
                case "bind" -> flags |= Ms.BIND;
                case "ro" -> flags |= Ms.RDONLY;
                case "rw" -> {}
                default -> data.add(option);
            }
        }
        linux.mounts().mount(mount.source(), target.toString(), mount.type(), flags, String.join(",", data));
        linux.mounts().mount(null, target.toString(), null, Ms.PRIVATE, null);
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        linux.mounts().umount(directory.toString(), Ms.UMOUNT_DETACH);
        Files.deleteIfExists(directory);
    }
}
