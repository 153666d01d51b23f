package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Mount;
import io.drydock.containerd.client.Tasks;
import io.drydock.docker.engine.container.spec.RootfsView;
import io.drydock.docker.engine.container.spec.SpecFactory;
import io.drydock.docker.engine.container.stdio.ProcessStdio;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.container.volume.CopyUp;
import io.drydock.docker.engine.image.ImageCatalog;
import io.drydock.docker.engine.network.Sandbox;
import io.drydock.linux.Linux;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a container's task:
 *
 * <pre>
 *   network sandbox  →  files, spec  →  containerd container  →  task create  →  streams  →  task start
 *   snapshot mounts  ↗
 * </pre>
 *
 * A step that fails undoes those before it; the container keeps the state it had and remembers the error.
 */
final class Starter {
    private static final Logger LOG = LoggerFactory.getLogger(Starter.class);

    private final Linux linux;
    private final ContainerdClient containerd;
    private final EngineDatabase database;
    private final Streams streams;
    private final Networking networking;
    private final SpecFactory specs;
    private final Supplier<Runtimes> runtimes;
    private final ContainerPaths paths;
    private final CopyUp copyUp;
    private final HealthChecks health;
    private final RunMounts mounts;
    private final EventSink events;

    Starter(
            Linux linux,
            ContainerdClient containerd,
            EngineDatabase database,
            Streams streams,
            Networking networking,
            SpecFactory specs,
            Supplier<Runtimes> runtimes,
            ContainerPaths paths,
            HealthChecks health,
            RunMounts mounts,
            EventSink events) {
        this.mounts = mounts;
        this.health = health;
        this.linux = linux;
        this.containerd = containerd;
        this.database = database;
        this.streams = streams;
        this.networking = networking;
        this.specs = specs;
        this.runtimes = runtimes;
        this.paths = paths;
        this.copyUp = new CopyUp(linux, paths.mounts());
        this.events = events;
    }

    /**
     * Starts it. Called with the container's lock held.
     *
     * @param restarts the restart count of the new run
     */
    void start(Container container, int restarts) {
        var before = container.state();
        refuse(container, before);
        container.outOfMemory = false;
        ProcessStdio stdio = streams.of(container);
        try {
            Streams.openLog(stdio);
            int pid = create(container, stdio);
            stdio.start();
            var state = before.started(pid, Times.text(Instant.now())).restarts(restarts);
            // written down before the program runs: it might fill the disk at once
            database.putState(container.id, state);
            containerd.tasks().start(container.id, Tasks.INIT);
            stdio.processStarted();
            container.state(state);
            health.begin(container);
            events.publish("container", "start", container.id, container.attributes());
        } catch (ContainerdException e) {
            throw failed(container, before, StartFailure.exception(words(e), e));
        } catch (EngineException e) {
            throw failed(container, before, e);
        } catch (IOException e) {
            throw failed(container, before, EngineException.system(String.valueOf(e.getMessage()), e));
        }
    }

    private static String words(ContainerdException e) {
        // users, and the client, know the original's words: the class of the error stands at the end
        String message = "failed to create task for container: " + e.getMessage();
        return e.kind() == ContainerdException.Kind.UNKNOWN && !message.endsWith(": unknown")
                ? message + ": unknown"
                : message;
    }

    private static void refuse(Container container, RunState state) {
        switch (state.status()) {
            case PAUSED -> throw EngineException.conflict("cannot start a paused container, try unpause instead");
            case RUNNING -> throw EngineException.notModified("container is already running");
            case REMOVING, DEAD ->
                throw EngineException.conflict("container is marked for removal and cannot be started");
            case CREATED, RESTARTING, EXITED -> {
                if (container.removing) {
                    throw EngineException.conflict("container is marked for removal and cannot be started");
                }
            }
        }
    }

    private int create(Container container, ProcessStdio stdio) throws IOException {
        var definition = container.definition();
        var network = networking.begin(definition);
        try (var pins = mounts.pins()) {
            List<Mount> rootfs;
            List<MountPlan> placed;
            try {
                rootfs = mounts(container);
                placed = mounts.mount(definition, pins);
                copyUp.fill(placed, rootfs);
            } catch (IOException | RuntimeException e) {
                network.abandon();
                throw e;
            }
            return createTask(container, stdio, network, definition.withMounts(placed), rootfs);
        }
    }

    private int createTask(
            Container container,
            ProcessStdio stdio,
            Networking.Pending network,
            Definition definition,
            List<Mount> rootfs)
            throws IOException {
        @Nullable Sandbox sandbox = network.get();
        networking.writeFiles(paths, definition, sandbox);
        var place = new SpecFactory.Place(
                paths.directory(container.id),
                networking.namespace(definition, sandbox),
                networking.namespaceOf(definition.hostConfig().pidMode(), "pid"),
                networking.namespaceOf(definition.hostConfig().ipcMode(), "ipc"),
                mounts.sharedMemory(definition, definition.hostConfig().shmSize()),
                RootfsView.of(linux, rootfs),
                networking.linkVariables(definition),
                runtimes.get().isBuiltIn(definition.hostConfig()));
        byte[] spec = specs.json(specs.spec(definition, place));
        createContainer(definition, spec);
        return containerd.tasks().create(container.id, rootfs, stdio.paths(), null);
    }

    private List<Mount> mounts(Container container) {
        var known = container.rootfs;
        return known != null
                ? known
                : containerd.snapshots(ImageCatalog.SNAPSHOTTER).mounts(container.id);
    }

    private void createContainer(Definition definition, byte[] spec) {
        var container = new io.drydock.containerd.client.Container(
                definition.id(),
                Map.of(),
                definition.config().image(),
                runtimes.get().name(definition.hostConfig()),
                runtimes.get().options(definition.hostConfig()),
                spec,
                ImageCatalog.SNAPSHOTTER,
                definition.id());
        try {
            containerd.containers().create(container);
        } catch (ContainerdException e) {
            if (!e.alreadyExists()) {
                throw e;
            }
            // left by a dockerd that was killed
            discardByForce(definition.id());
            containerd.containers().create(container);
        }
    }

    /** Removes a task that has ended or never began, and the containerd container. */
    void discard(String id) {
        deleteTask(id);
        deleteContainer(id);
    }

    /** As {@link #discard}, whatever the task does. */
    private void discardByForce(String id) {
        quietly("kill and delete task", id, () -> containerd.tasks().deleteByForce(id));
        deleteContainer(id);
    }

    /** The first half of {@link #discard}: afterwards nothing is mounted any more. */
    void deleteTask(String id) {
        quietly("delete task", id, () -> containerd.tasks().delete(id));
    }

    /** The second half of {@link #discard}. */
    void deleteContainer(String id) {
        quietly("delete container", id, () -> containerd.containers().delete(id));
    }

    private static void quietly(String what, String id, Runnable action) {
        try {
            action.run();
        } catch (ContainerdException e) {
            if (!e.notFound()) {
                LOG.warn("{} {}: {}", what, id, e.getMessage());
            }
        }
    }

    private EngineException failed(Container container, RunState before, EngineException cause) {
        String message = String.valueOf(cause.getMessage());
        cleanUp(container);
        var status = before.status() == RunState.Status.RESTARTING ? RunState.Status.EXITED : before.status();
        var state = before.failed(status, StartFailure.exitCode(message), message);
        container.state(state);
        database.putState(container.id, state);
        container.exits.ended(state.exitCode());
        return cause;
    }

    private void cleanUp(Container container) {
        discardByForce(container.id);
        networking.detach(container.id);
        mounts.unmount(container.definition());
        abandon(container);
    }

    /**
     * Takes back a start that a dockerd which was killed had written down and not finished: the program has not run, and who
     * asked for it was not answered.
     *
     * @param lost the exit code of an earlier run, which is not known any more
     */
    void takeBack(Container container, int lost) {
        cleanUp(container);
        var last = container.state();
        var state = last.finishedAt().equals(RunState.NEVER)
                ? RunState.NEW
                : last.finished(RunState.Status.EXITED, lost, false, last.finishedAt());
        container.state(state);
        database.putState(container.id, state);
    }

    private void abandon(Container container) {
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
}
