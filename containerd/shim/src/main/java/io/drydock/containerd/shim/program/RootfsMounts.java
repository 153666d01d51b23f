package io.drydock.containerd.shim.program;

import io.drydock.linux.Errno;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Ms;
import io.drydock.runc.runtime.CreateRequest.RootfsMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The root file system of a container whose runtime does not mount it: mounted at the bundle's {@code rootfs} where everybody
 * sees it, as the original shim does.
 */
final class RootfsMounts {
    /** What {@code mount(2)} takes as data, a page with its final zero. */
    private static final int MOST_DATA = 4095;

    private RootfsMounts() {}

    static void mount(Linux linux, Path rootfs, List<RootfsMount> mounts) throws IOException {
        if (mounts.isEmpty()) {
            return;
        }
        Files.createDirectories(rootfs);
        for (RootfsMount mount : mounts) {
            mount(linux, rootfs.toString(), mount);
        }
    }

    private static void mount(Linux linux, String target, RootfsMount mount) throws IOException {
        long flags = mount.type().equals("bind") ? Ms.BIND : 0;
        List<String> data = new ArrayList<>();
        for (String option : mount.options()) {
            switch (option) {
                case "ro" -> flags |= Ms.RDONLY;
                case "rw" -> flags &= ~Ms.RDONLY;
                case "bind" -> flags |= Ms.BIND;
                case "rbind" -> flags |= Ms.BIND | Ms.REC;
                case "nosuid" -> flags |= Ms.NOSUID;
                case "nodev" -> flags |= Ms.NODEV;
                case "noexec" -> flags |= Ms.NOEXEC;
                default -> data.add(option);
            }
        }
        String text = String.join(",", data);
        if (text.length() > MOST_DATA) {
            throw new IOException("mount the root file system: the paths of its layers have more than " + MOST_DATA
                    + " characters together");
        }
        linux.mounts().mount(mount.source(), target, mount.type(), flags, text);
        if ((flags & Ms.BIND) != 0 && (flags & ~(Ms.BIND | Ms.REC)) != 0) {
            linux.mounts().mount(null, target, null, flags | Ms.REMOUNT, null);
        }
    }

    /** Without effect if nothing is mounted there. */
    static void unmount(Linux linux, Path rootfs) throws LinuxException {
        while (true) {
            try {
                linux.mounts().umount(rootfs.toString(), Ms.UMOUNT_DETACH | Ms.UMOUNT_NOFOLLOW);
            } catch (LinuxException e) {
                if (e.errno() == Errno.EINVAL || e.errno() == Errno.ENOENT) {
                    return;
                }
                throw e;
            }
        }
    }
}
