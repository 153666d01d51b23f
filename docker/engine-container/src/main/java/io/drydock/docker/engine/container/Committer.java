package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Mount;
import io.drydock.docker.engine.container.files.UpperChanges;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.image.ImageCommitter;
import io.drydock.image.archive.diff.UpperDiff;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.FilesystemChange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes images of containers: {@code docker commit}. */
public final class Committer {
    private final ContainerTable table;
    private final ContainerdClient containerd;
    private final Linux linux;
    private final Stopper stopper;
    private final EventSink events;

    Committer(ContainerTable table, ContainerdClient containerd, Linux linux, Stopper stopper, EventSink events) {
        this.table = table;
        this.containerd = containerd;
        this.linux = linux;
        this.stopper = stopper;
        this.events = events;
    }

    /**
     * What the client asks for.
     *
     * @param config instead of the container's, which completes it; null for the container's own
     * @param pause the container while its files are read
     */
    public record Wish(
            String repository,
            String tag,
            String comment,
            String author,
            boolean pause,
            List<String> changes,
            @Nullable ContainerConfig config) {}

    /** Makes an image of what a container has changed; returns the image's id. */
    public String commit(String container, Wish wish, ImageCommitter images) {
        var found = table.find(container);
        if (found.removing) {
            throw EngineException.conflict("You cannot commit container " + found.id + " which is being removed");
        }
        var definition = found.definition();
        var config = definition.config();
        var given = wish.config();
        var prepared = images.prepare(new ImageCommitter.Request(
                found.id,
                definition.imageId(),
                given == null ? config : ConfigMerge.merge(given, config, config.hostname()),
                config.cmd() == null ? List.of() : config.cmd(),
                wish.changes(),
                wish.author(),
                wish.comment(),
                wish.repository(),
                wish.tag()));
        boolean paused = wish.pause() && pause(found);
        try {
            String id = prepared.commit(tar -> layer(found, tar));
            var attributes = found.attributes("comment", wish.comment());
            attributes.put("imageID", id);
            attributes.put("imageRef", prepared.name());
            events.publish("container", "commit", found.id, attributes);
            return id;
        } catch (IOException e) {
            throw EngineException.system(String.valueOf(e.getMessage()), e);
        } finally {
            if (paused) {
                resume(found);
            }
        }
    }

    /** False if it does not run, or is paused already. */
    private boolean pause(Container container) {
        if (container.state().status() != RunState.Status.RUNNING) {
            return false;
        }
        try {
            stopper.pause(container);
            return true;
        } catch (EngineException e) {
            if (e.kind() != EngineException.Kind.CONFLICT) {
                throw e;
            }
            return false; // it has ended, or somebody else was faster
        }
    }

    private void resume(Container container) {
        try {
            stopper.unpause(container);
        } catch (EngineException e) {
            if (e.kind() != EngineException.Kind.CONFLICT) {
                throw e;
            }
            // killed or thawed meanwhile
        }
    }

    private boolean layer(Container container, OutputStream tar) throws IOException {
        List<Mount> mounts;
        try {
            mounts = containerd.snapshots(ImageCatalog.SNAPSHOTTER).mounts(container.id);
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("mounts of container " + container.id, e);
        }
        Set<String> changed = new HashSet<>();
        for (FilesystemChange change : EngineFiles.without(UpperChanges.of(linux, mounts))) {
            changed.add(change.path().substring(1));
        }
        return new UpperDiff(linux).write(Path.of(UpperChanges.upper(mounts)), path -> !changed.contains(path), tar);
    }
}
