package io.drydock.runc.runtime;

import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Ms;
import io.drydock.runc.runtime.CreateRequest.RootfsMount;
import io.drydock.runc.runtime.plan.MountFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The root file system where criu can use it: a mount of its own, in a directory whose parent nothing covers. */
record CriuRoot(Linux linux, Path path) implements AutoCloseable {
    /** {@code mounts}: what the root is made of, where it is not mounted yet. */
    static CriuRoot mount(Linux linux, Path state, Path rootfs, List<RootfsMount> mounts) throws IOException {
        Path path = Files.createDirectory(state.resolve("criu-root"));
        CriuRoot root = new CriuRoot(linux, path);
        try {
            if (mounts.isEmpty()) {
                linux.mounts().mount(rootfs.toString(), path.toString(), null, Ms.BIND | Ms.REC, null);
            }
            for (RootfsMount mount : mounts) {
                MountFlags options = MountFlags.of(mount.options());
                linux.mounts().mount(mount.source(), path.toString(), mount.type(), options.flags(), options.data());
            }
            return root;
        } catch (LinuxException e) {
            root.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        try {
            linux.mounts().umount(path.toString(), Ms.UMOUNT_DETACH);
        } catch (LinuxException e) {
            if (e.errno() != io.drydock.linux.Errno.EINVAL) {
                throw e;
            }
        }
        Files.deleteIfExists(path);
    }
}
