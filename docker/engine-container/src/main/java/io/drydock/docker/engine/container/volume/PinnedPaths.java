package io.drydock.docker.engine.container.volume;

import io.drydock.containerd.client.Mount;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Ms;
import io.drydock.linux.O;
import io.drydock.linux.Resolve;
import io.drydock.spec.engine.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Parts of volumes and images mounted on the host until a container has them: what a subpath leads to when it is looked at is
 * what the container gets, whatever others put there meanwhile. Closing takes the host's mounts away; those that a container
 * has taken over stay in its own mount namespace. Owned by one thread.
 */
public final class PinnedPaths implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PinnedPaths.class);
    private static final String PREFIX = "pin-";

    private final Linux linux;
    private final Path scratch;
    private final Deque<Path> points = new ArrayDeque<>();
    private final Deque<RootfsMount> images = new ArrayDeque<>();

    /**
     * @param scratch the directory for mount points
     */
    public PinnedPaths(Linux linux, Path scratch) {
        this.linux = linux;
        this.scratch = scratch;
    }

    /** What a subpath of a directory leads to, which no symbolic link may be part of; the directory itself if it is empty. */
    public Path pin(Path base, String subpath) throws IOException {
        if (subpath.isEmpty()) {
            return base;
        }
        try (Fd directory = linux.files().open(base.toString(), O.PATH | O.DIRECTORY | O.NOFOLLOW);
                Fd part = open(directory, base, subpath)) {
            Files.createDirectories(scratch);
            Path target = Files.isDirectory(Path.of(part.procPath()))
                    ? Files.createTempDirectory(scratch, PREFIX)
                    : Files.createTempFile(scratch, PREFIX, "");
            points.push(target);
            linux.mounts().mount(part.procPath(), target.toString(), null, Ms.BIND, null);
            linux.mounts().mount(null, target.toString(), null, Ms.PRIVATE, null);
            return target;
        }
    }

    private Fd open(Fd directory, Path base, String subpath) throws LinuxException {
        try {
            return linux.files()
                    .openat2(
                            directory,
                            subpath,
                            O.PATH,
                            0,
                            Resolve.BENEATH | Resolve.NO_SYMLINKS | Resolve.NO_MAGICLINKS);
        } catch (LinuxException e) {
            throw switch (e.errno()) {
                case Errno.EXDEV ->
                    EngineException.invalid(
                            "path concatenation escapes the base directory, base: " + base + ", subpath: " + subpath);
                case Errno.ENOENT ->
                    EngineException.notFound(
                            "cannot access path " + base.resolve(subpath) + ": no such file or directory");
                case Errno.ELOOP ->
                    EngineException.notFound(
                            "cannot access path " + base.resolve(subpath) + ": too many levels of symbolic links");
                default -> EngineException.system("openat2 " + subpath + ": " + e.getMessage(), e);
            };
        }
    }

    /** Where an image's files are, mounted from a view of it. */
    public Path image(List<Mount> view) throws IOException {
        var mount = RootfsMount.of(linux, view, scratch);
        images.push(mount);
        return mount.directory();
    }

    @Override
    public void close() {
        points.forEach(point -> release(linux, point));
        points.clear();
        for (var image : images) {
            try {
                image.close();
            } catch (IOException e) {
                LOG.warn("unmount \"{}\": {}", image.directory(), e.getMessage());
            }
        }
        images.clear();
    }

    private static void release(Linux linux, Path point) {
        try {
            linux.mounts().umount(point.toString(), Ms.UMOUNT_DETACH | Ms.UMOUNT_NOFOLLOW);
        } catch (IOException e) {
            LOG.debug("unmount \"{}\": {}", point, e.getMessage());
        }
        try {
            // deletes a mount point that is empty, and nothing else
            Files.deleteIfExists(point);
        } catch (IOException e) {
            LOG.warn("delete \"{}\": {}", point, e.getMessage());
        }
    }

    /** Takes away what an engine that was killed has left. */
    public static void sweep(Linux linux, Path scratch) throws IOException {
        if (!Files.isDirectory(scratch, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> left = Files.list(scratch)) {
            left.forEach(point -> release(linux, point));
        }
    }
}
