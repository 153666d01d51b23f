package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Mount;
import io.drydock.docker.engine.container.files.ContainerRoot;
import io.drydock.docker.engine.container.files.PathArchive;
import io.drydock.docker.engine.container.files.UpperChanges;
import io.drydock.docker.engine.container.spec.RootfsView;
import io.drydock.docker.engine.container.spec.SpecFactory;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.image.archive.apply.ApplyOptions;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.FilesystemChange;
import io.drydock.spec.engine.PathStat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of containers, as {@code docker cp}, {@code diff} and {@code export} see them. */
public final class ContainerFiles {
    private final ContainerTable table;
    private final ContainerdClient containerd;
    private final Linux linux;
    private final Path scratch;
    private final RunMounts runMounts;
    private final EventSink events;

    ContainerFiles(
            ContainerTable table,
            ContainerdClient containerd,
            Linux linux,
            Path scratch,
            RunMounts mounts,
            EventSink events) {
        this.table = table;
        this.containerd = containerd;
        this.linux = linux;
        this.scratch = scratch;
        this.runMounts = mounts;
        this.events = events;
    }

    /** Takes an archive. */
    @FunctionalInterface
    public interface Receiver {
        OutputStream begin(PathStat stat) throws IOException;
    }

    private List<Mount> mounts(Container container) {
        try {
            return containerd.snapshots(ImageCatalog.SNAPSHOTTER).mounts(container.id);
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("mounts of container " + container.id, e);
        }
    }

    /** What differs from the image. */
    public List<FilesystemChange> changes(String name) {
        try {
            return EngineFiles.without(UpperChanges.of(linux, mounts(table.find(name))));
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    /** All files, without what is mounted, as a tar archive. */
    public void export(String name, OutputStream tar) throws IOException {
        var container = table.find(name);
        try (var root = ContainerRoot.ofSnapshotReadOnly(linux, mounts(container), scratch)) {
            new PathArchive(root, "/", name).write(tar);
        }
        events.publish("container", "export", container.id, container.attributes());
    }

    /** A path of a container and the root it is looked for in. */
    private record Place(ContainerRoot root, PathArchive archive, RunMounts.@Nullable Visit visit)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            try (visit) {
                root.close();
            }
        }
    }

    private Place place(String name, Container container, String path) {
        try {
            if (container.state().alive()) {
                var root = ContainerRoot.ofProcess(linux, container.state().pid());
                return new Place(root, new PathArchive(root, path, name), null);
            }
            for (MountPlan plan : container.definition().mounts()) {
                boolean inside = (path + "/").startsWith(plan.destination() + "/");
                var visit = inside ? runMounts.visit(container.definition(), plan) : null;
                if (visit != null) {
                    return inMount(name, path, plan, visit);
                }
            }
            var root = ContainerRoot.ofSnapshot(linux, mounts(container), scratch);
            return new Place(root, new PathArchive(root, path, name), null);
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    private Place inMount(String name, String path, MountPlan plan, RunMounts.Visit visit) throws IOException {
        String rest = path.substring(Math.min(path.length(), plan.destination().length()));
        try {
            var root = ContainerRoot.ofDirectory(linux, visit.directory());
            return new Place(root, new PathArchive(root, rest.isEmpty() ? "/" : rest, name), visit);
        } catch (IOException | RuntimeException e) {
            visit.close();
            throw e;
        }
    }

    /** What is at a path. */
    public PathStat stat(String name, String path) {
        try (var place = place(name, table.find(name), path)) {
            return place.archive().stat();
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        }
    }

    /** The archive of a path. */
    public void read(String name, String path, Receiver receiver) throws IOException {
        var container = table.find(name);
        try (var place = place(name, container, path)) {
            var stat = place.archive().stat();
            try (OutputStream out = receiver.begin(stat)) {
                place.archive().write(out);
            }
        }
        events.publish("container", "archive-path", container.id, container.attributes());
    }

    /**
     * Unpacks an archive at a path.
     *
     * @param keepKinds whether a directory may not replace something else, nor something else a directory
     * @param copyUidGid whether the files get the container's user, if it has one
     */
    public void write(String name, String path, boolean keepKinds, boolean copyUidGid, InputStream tar)
            throws IOException {
        var container = table.find(name);
        if (container.definition().hostConfig().readonlyRootfs()) {
            throw new EngineException(EngineException.Kind.FORBIDDEN, "container rootfs is marked read-only");
        }
        for (MountPlan plan : container.definition().mounts()) {
            if (!plan.writable() && (path + "/").startsWith(plan.destination() + "/")) {
                throw new EngineException(EngineException.Kind.FORBIDDEN, "mounted volume is marked read-only");
            }
        }
        try (var place = place(name, container, path)) {
            place.archive().unpack(tar, ApplyOptions.copying(keepKinds, copyUidGid ? owner(container) : null));
        }
        events.publish("container", "extract-to-dir", container.id, container.attributes());
    }

    private ApplyOptions.@Nullable Owner owner(Container container) throws IOException {
        String user = container.definition().config().user();
        if (user.isEmpty()) {
            return null;
        }
        var found = SpecFactory.user(RootfsView.of(linux, mounts(container)), user);
        return new ApplyOptions.Owner(found.uid(), found.gid());
    }
}
