package io.drydock.containerd.stores.unpack;

import io.drydock.containerd.core.Snapshotter.Mount;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Ms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The mounts of a snapshot, made at a private directory and gone with {@link #close}. */
public final class TemporaryMount implements AutoCloseable {
    /** The kernel takes one page of options by mount(2). */
    private static final int LONGEST = 4000;

    private final Linux linux;
    private final Path directory;
    private final ArrayDeque<Path> mounted = new ArrayDeque<>();

    private TemporaryMount(Linux linux, Path directory) {
        this.linux = linux;
        this.directory = directory;
    }

    /**
     * Makes the mounts, one over the other.
     *
     * @param base an existing directory for the mount point
     */
    public static TemporaryMount of(Linux linux, List<Mount> mounts, Path base) throws IOException {
        Files.createDirectories(base);
        var made = new TemporaryMount(linux, Files.createTempDirectory(base, "mount-"));
        boolean done = false;
        try {
            for (var mount : mounts) {
                made.mount(mount);
            }
            done = true;
            return made;
        } finally {
            if (!done) {
                made.close();
            }
        }
    }

    /** Where the snapshot's files are. */
    public Path path() {
        return directory;
    }

    private void mount(Mount mount) throws IOException {
        long flags = 0;
        boolean readOnly = false;
        var data = new ArrayList<String>();
        for (var option : mount.options()) {
            switch (option) {
                case "bind" -> flags |= Ms.BIND;
                case "rbind" -> flags |= Ms.BIND | Ms.REC;
                case "ro" -> readOnly = true;
                case "rw" -> readOnly = false;
                case "nosuid" -> flags |= Ms.NOSUID;
                case "nodev" -> flags |= Ms.NODEV;
                case "noexec" -> flags |= Ms.NOEXEC;
                case "noatime" -> flags |= Ms.NOATIME;
                case "nodiratime" -> flags |= Ms.NODIRATIME;
                case "relatime" -> flags |= Ms.RELATIME;
                case "sync" -> flags |= Ms.SYNCHRONOUS;
                default -> data.add(option);
            }
        }
        boolean bind = (flags & Ms.BIND) != 0;
        var options = String.join(",", data);
        if (options.length() > LONGEST && mount.type().equals("overlay")) {
            mountByDescriptors(data);
        } else {
            linux.mounts()
                    .mount(
                            mount.source(),
                            directory.toString(),
                            bind ? null : mount.type(),
                            bind || !readOnly ? flags : flags | Ms.RDONLY,
                            options.isEmpty() ? null : options);
        }
        mounted.push(directory);
        if (bind && readOnly) {
            linux.mounts().mount(null, directory.toString(), null, Ms.BIND | Ms.REMOUNT | Ms.RDONLY, null);
        }
    }

    /** Overlay's options one by one, lower layers too: that has no limit of a page (Linux 6.7 and later). */
    private void mountByDescriptors(List<String> options) throws IOException {
        try (Fd fs = linux.mounts().fsopen("overlay")) {
            for (var option : options) {
                int equals = option.indexOf('=');
                var key = option.substring(0, equals);
                var value = option.substring(equals + 1);
                if (key.equals("lowerdir")) {
                    for (var layer : value.split(":")) {
                        linux.mounts().fsconfigString(fs, "lowerdir+", layer);
                    }
                } else {
                    linux.mounts().fsconfigString(fs, key, value);
                }
            }
            linux.mounts().fsconfigCreate(fs);
            try (Fd mount = linux.mounts().fsmount(fs, 0)) {
                linux.mounts().moveMount(mount, Fd.CWD, directory.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        while (!mounted.isEmpty()) {
            linux.mounts().umount(mounted.pop().toString(), Ms.UMOUNT_DETACH);
        }
        Files.delete(directory);
    }
}
