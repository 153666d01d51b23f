package io.drydock.docker.engine.container.volume;

import io.drydock.containerd.client.Mount;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.O;
import io.drydock.linux.Resolve;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** Fills empty volumes with what the image has at their place. */
public final class CopyUp {
    private final Linux linux;
    private final Path scratch;

    /**
     * @param scratch where the root file system may be mounted meanwhile
     */
    public CopyUp(Linux linux, Path scratch) {
        this.linux = linux;
        this.scratch = scratch;
    }

    /** Fills those of the volumes that are empty. */
    public void fill(List<MountPlan> plans, List<Mount> rootfs) throws IOException {
        var empty = plans.stream()
                .filter(plan ->
                        plan.isVolume() && plan.copyUp() && plan.subpath().isEmpty() && isEmpty(plan))
                .toList();
        if (empty.isEmpty()) {
            return;
        }
        try (var mount = RootfsMount.of(linux, rootfs, scratch);
                Fd root = linux.files().open(mount.directory().toString(), O.PATH | O.DIRECTORY)) {
            for (MountPlan plan : empty) {
                copy(root, plan);
            }
        }
    }

    private static boolean isEmpty(MountPlan plan) {
        try (Stream<Path> entries = Files.list(Path.of(plan.source()))) {
            return entries.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private void copy(Fd root, MountPlan plan) throws IOException {
        try (Fd directory = linux.files()
                .openat2(
                        root,
                        plan.destination().substring(1),
                        O.RDONLY | O.DIRECTORY,
                        0,
                        Resolve.IN_ROOT | Resolve.NO_MAGICLINKS)) {
            copyTree(Path.of(directory.procPath()).toRealPath(), Path.of(plan.source()));
        } catch (LinuxException e) {
            if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) {
                throw e;
            }
        }
    }

    private static void copyTree(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path target = to.resolve(from.relativize(directory).toString());
                if (!directory.equals(from)) {
                    Files.copy(directory, target, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                } else {
                    owner(directory, target);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void owner(Path from, Path to) throws IOException {
        for (String name : new String[] {"unix:uid", "unix:gid", "unix:mode"}) {
            Object value = Files.getAttribute(from, name);
            Files.setAttribute(to, name, name.endsWith("mode") ? (Integer) value & 07777 : value);
        }
    }
}
