package io.drydock.docker.engine.container.files;

import io.drydock.containerd.client.Mount;
import io.drydock.docker.engine.container.volume.RootfsMount;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Resolve;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A container's root as a directory of the host, for the time of one operation: that of its init while it runs, else the
 * snapshot mounted. Paths in it are opened so that no link leads out of it.
 */
public final class ContainerRoot implements AutoCloseable {
    private final Linux linux;
    private final Fd root;
    private final @Nullable RootfsMount mount;

    private ContainerRoot(Linux linux, Fd root, @Nullable RootfsMount mount) {
        this.linux = linux;
        this.root = root;
        this.mount = mount;
    }

    /** The root of a running container with everything mounted in it. */
    public static ContainerRoot ofProcess(Linux linux, int pid) throws IOException {
        return new ContainerRoot(linux, linux.files().open("/proc/" + pid + "/root/.", O.PATH | O.DIRECTORY), null);
    }

    /** A directory of the host: a volume. */
    public static ContainerRoot ofDirectory(Linux linux, Path directory) throws IOException {
        return new ContainerRoot(linux, linux.files().open(directory.toString(), O.PATH | O.DIRECTORY), null);
    }

    /** The snapshot, mounted. Only for a container that does not run: two mounts of one upper directory do not go together. */
    public static ContainerRoot ofSnapshot(Linux linux, List<Mount> mounts, Path scratch) throws IOException {
        var mount = RootfsMount.of(linux, mounts, scratch);
        return new ContainerRoot(linux, linux.files().open(mount.directory().toString(), O.PATH | O.DIRECTORY), mount);
    }

    /** The snapshot to be read only: its upper directory becomes the highest of the lower ones, so it may be in use. */
    public static ContainerRoot ofSnapshotReadOnly(Linux linux, List<Mount> mounts, Path scratch) throws IOException {
        var readOnly = new ArrayList<Mount>();
        for (Mount mount : mounts) {
            String upper = "";
            String lower = "";
            for (String option : mount.options()) {
                upper = option.startsWith("upperdir=") ? option.substring(9) : upper;
                lower = option.startsWith("lowerdir=") ? option.substring(9) : lower;
            }
            readOnly.add(
                    upper.isEmpty()
                            ? mount
                            : new Mount("overlay", "overlay", List.of("ro", "lowerdir=" + upper + ":" + lower)));
        }
        return ofSnapshot(linux, readOnly, scratch);
    }

    Linux linux() {
        return linux;
    }

    /** Opens a path; the last part is not followed if it is a link and {@code flags} say so. */
    Fd open(String path, int flags) throws LinuxException {
        String relative = path.isEmpty() || path.equals("/") ? "." : path.startsWith("/") ? path.substring(1) : path;
        return linux.files().openat2(root, relative, flags, 0, Resolve.IN_ROOT | Resolve.NO_MAGICLINKS);
    }

    @Override
    public void close() throws IOException {
        root.close();
        if (mount != null) {
            mount.close();
        }
    }
}
