package io.drydock.runc.runtime;

import io.drydock.linux.Errno;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Ms;
import io.drydock.runc.runtime.CreateRequest.RootfsMount;
import io.drydock.runc.runtime.plan.MountFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The root file system where criu can use it: a mount of its own, in a directory whose parent nothing covers.
 *
 * @param state the container's directory
 */
record CriuRoot(Linux linux, Path state) implements AutoCloseable {
    private static final String NAME = "criu-root";

    Path path() {
        return state.resolve(NAME);
    }

    /** {@code mounts}: what the root is made of, where it is not mounted yet. */
    static CriuRoot mount(Linux linux, Path state, Path rootfs, List<RootfsMount> mounts) throws IOException {
        CriuRoot root = new CriuRoot(linux, state);
        String path = Files.createDirectory(root.path()).toString();
        try {
            if (mounts.isEmpty()) {
                linux.mounts().mount(rootfs.toString(), path, null, Ms.BIND | Ms.REC, null);
            }
            for (RootfsMount mount : mounts) {
                MountFlags options = MountFlags.of(mount.options());
                linux.mounts().mount(mount.source(), path, mount.type(), options.flags(), options.data());
            }
            return root;
        } catch (LinuxException e) {
            root.close();
            throw e;
        }
    }

    /** Takes away what is mounted there, by whomever: also by one that was killed in the middle of a restoration. */
    static void detach(Linux linux, Path state) throws LinuxException {
        Path path = state.resolve(NAME);
        try {
            while (Files.isDirectory(path)) {
                linux.mounts().umount(path.toString(), Ms.UMOUNT_DETACH);
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.EINVAL) { // nothing (more) is mounted there
                throw e;
            }
        }
    }

    @Override
    public void close() throws IOException {
        detach(linux, state);
        Files.deleteIfExists(path());
    }
}
