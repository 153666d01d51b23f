package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.container.volume.FileTree;
import io.drydock.docker.engine.container.volume.Volumes;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes containers: snapshot, files, record, name, and the volumes that were made for them. */
final class Remover {
    private static final Logger LOG = LoggerFactory.getLogger(Remover.class);

    private final ContainerTable table;
    private final ContainerdClient containerd;
    private final EngineDatabase database;
    private final Volumes volumes;
    private final Streams streams;
    private final Stopper stopper;
    private final ContainerPaths paths;
    private final EventSink events;
    private final DiskReserve reserve;

    Remover(
            ContainerTable table,
            ContainerdClient containerd,
            EngineDatabase database,
            Volumes volumes,
            Streams streams,
            Stopper stopper,
            ContainerPaths paths,
            EventSink events) {
        this.table = table;
        this.containerd = containerd;
        this.database = database;
        this.volumes = volumes;
        this.streams = streams;
        this.stopper = stopper;
        this.paths = paths;
        this.events = events;
        this.reserve = new DiskReserve(paths.dataRoot().resolve("reserve"));
    }

    /** Removes a container; a running one only with {@code force}, which kills it. */
    void remove(Container container, boolean withVolumes, boolean force) {
        claim(container, force);
        try {
            if (container.state().alive() || container.state().status() == RunState.Status.RESTARTING) {
                stopper.killAndWait(container);
            }
        } catch (EngineException e) {
            container.removing = false;
            throw EngineException.conflict(
                    "cannot remove container \"/" + container.name() + "\": could not kill: " + e.getMessage());
        }
        erase(container, withVolumes);
    }

    private static void claim(Container container, boolean force) {
        container.lockForRequest();
        try {
            if (container.removing) {
                throw EngineException.conflict("removal of container " + container.name() + " is already in progress");
            }
            var status = container.state().status();
            if (!force && (container.state().alive() || status == RunState.Status.RESTARTING)) {
                throw stillThere(container, status);
            }
            container.removing = true;
        } finally {
            container.lock.unlock();
        }
    }

    private static EngineException stillThere(Container container, RunState.Status status) {
        boolean paused = status == RunState.Status.PAUSED;
        return EngineException.conflict("cannot remove container \"/" + container.name() + "\": container is "
                        + status.word() + ": "
                        + (paused ? "unpause and then stop" : "stop")
                        + " the container before removing or force remove")
                .olderWords("You cannot remove a " + status.word() + " container " + container.id + ". "
                        + (paused ? "Unpause and then stop" : "Stop")
                        + " the container before attempting removal or force remove");
    }

    /** Removes a container that was started with {@code --rm} and has ended. */
    void autoRemove(Container container) {
        try {
            claim(container, false);
            erase(container, true);
        } catch (EngineException e) {
            LOG.warn("remove container {} after its end: {}", container.id, e.getMessage());
        }
    }

    private void erase(Container container, boolean withVolumes) {
        container.lock.lock();
        try {
            container.state(container.state().in(RunState.Status.REMOVING));
            abandonStreams(container);
            try {
                forget(container);
            } catch (IOException | ContainerdException | EngineException e) {
                if (!reserve.release()) {
                    throw dead(container, e);
                }
                again(container);
            }
            table.remove(container);
        } finally {
            container.lock.unlock();
        }
        reserve.restore();
        releaseVolumes(container, withVolumes);
        events.publish("container", "destroy", container.id, container.attributes());
        container.exits.removed();
    }

    /** The record goes last: as long as it is there, what is left will be found. */
    private void forget(Container container) throws IOException {
        var snapshot = CompletableFuture.runAsync(
                () -> removeSnapshots(containerd, container.definition()),
                task -> Thread.ofVirtual().start(task));
        try {
            FileTree.delete(paths.directory(container.id));
        } finally {
            join(snapshot);
        }
        database.removeContainer(container.id);
    }

    private static void join(CompletableFuture<Void> snapshot) {
        try {
            snapshot.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof ContainerdException failure ? failure : e;
        }
    }

    /** Those that are there. */
    static void removeSnapshots(ContainerdClient containerd, Definition definition) {
        ImageMounts.remove(containerd, definition);
        try {
            containerd.snapshots(ImageCatalog.SNAPSHOTTER).remove(definition.id());
        } catch (ContainerdException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
    }

    /** With the reserve's room. */
    private void again(Container container) {
        try {
            forget(container);
        } catch (IOException | ContainerdException | EngineException e) {
            throw dead(container, e);
        }
    }

    private EngineException dead(Container container, Exception cause) {
        container.removing = false;
        container.state(container.state().in(RunState.Status.DEAD));
        var failure = EngineException.system(
                "container " + container.id + ": driver \"overlayfs\" failed to remove root filesystem: "
                        + cause.getMessage(),
                cause);
        try {
            database.putState(container.id, container.state());
        } catch (EngineException e) {
            failure.addSuppressed(e);
        }
        return failure;
    }

    private void abandonStreams(Container container) {
        var stdio = streams.release(container);
        if (stdio != null) {
            try {
                stdio.abandon();
            } catch (IOException e) {
                LOG.warn("remove the streams of {}: {}", container.id, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void releaseVolumes(Container container, boolean withVolumes) {
        for (MountPlan plan : container.definition().mounts()) {
            if (plan.isVolume()) {
                volumes.release(plan.name(), container.id);
                if (withVolumes && plan.anonymous()) {
                    removeAnonymous(plan.name());
                }
            }
        }
    }

    private void removeAnonymous(String name) {
        try {
            volumes.remove(name, true);
        } catch (EngineException e) {
            LOG.debug("volume {} stays: {}", name, e.getMessage());
        }
    }
}
