package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Exit;
import io.drydock.containerd.client.TaskProcess;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.store.MountPlan;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.container.volume.Volumes;
import io.drydock.docker.engine.network.NetworkController;
import io.drydock.spec.engine.EngineException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an engine does about its containers when it starts: those that still run are taken over with their streams, those that
 * ended meanwhile are settled, and restart policies are applied. Whatever is wrong with one container is logged and keeps no
 * other from its turn.
 */
final class Restorer {
    private static final Logger LOG = LoggerFactory.getLogger(Restorer.class);
    private static final int LOST = 255;

    private final ContainerTable table;
    private final ContainerdClient containerd;
    private final EngineDatabase database;
    private final Volumes volumes;
    private final NetworkController networks;
    private final Streams streams;
    private final Ends ends;
    private final Starter starter;
    private final Remover remover;
    private final HealthChecks health;
    private final RunMounts mounts;

    Restorer(
            ContainerTable table,
            ContainerdClient containerd,
            EngineDatabase database,
            Volumes volumes,
            NetworkController networks,
            Streams streams,
            Ends ends,
            Starter starter,
            Remover remover,
            HealthChecks health,
            RunMounts mounts) {
        this.mounts = mounts;
        this.health = health;
        this.table = table;
        this.containerd = containerd;
        this.database = database;
        this.volumes = volumes;
        this.networks = networks;
        this.streams = streams;
        this.ends = ends;
        this.starter = starter;
        this.remover = remover;
    }

    /** Fills the table from the database. */
    void load() {
        mounts.sweep();
        for (var stored : database.containers()) {
            var definition = stored.definition();
            var state = stored.state();
            if (definition == null || state == null) {
                LOG.error("container {} cannot be read and is left out: {}", stored.id(), stored.broken());
                continue;
            }
            var container = new Container(definition, state);
            container.exits.restore(state.exitCode());
            table.add(container);
            for (MountPlan plan : definition.mounts()) {
                if (plan.isVolume()) {
                    volumes.use(plan.name(), container.id);
                }
            }
        }
    }

    /** Brings the containers of the table and their tasks together. Returns when all that run have been taken over. */
    void adopt() throws InterruptedException {
        Map<String, TaskProcess> tasks = new HashMap<>();
        containerd.tasks().list().forEach(task -> tasks.put(task.containerId(), task));
        var running = new HashSet<String>();
        var ended = new ArrayList<Container>();
        for (Container container : table.all()) {
            var task = tasks.remove(container.id);
            try {
                if (container.state().alive() && isLive(task)) {
                    takeOver(container, task);
                    running.add(container.id);
                } else if (container.state().alive()) {
                    ended.add(container);
                } else if (task != null) {
                    starter.discard(container.id);
                }
            } catch (RuntimeException e) {
                LOG.error("take over container {}", container.id, e);
            }
        }
        networks.restore(running);
        all(ended, container -> settle(container, find(container)));
    }

    private static boolean isLive(@Nullable TaskProcess task) {
        return task != null
                && switch (task.status()) {
                    case RUNNING, PAUSED, PAUSING, UNKNOWN -> true;
                    // created: its engine was killed before it could start the program
                    case CREATED, STOPPED -> false;
                };
    }

    private @Nullable TaskProcess find(Container container) {
        try {
            return containerd.tasks().get(container.id, "");
        } catch (ContainerdException e) {
            return null;
        }
    }

    private void takeOver(Container container, @Nullable TaskProcess task) {
        resumeStreams(container);
        boolean frozen = task != null && task.status() == TaskProcess.Status.PAUSED;
        var status = frozen ? RunState.Status.PAUSED : RunState.Status.RUNNING;
        if (container.state().status() != status) {
            container.state(container.state().in(status));
            database.putState(container.id, container.state());
        }
        mounts.adopt(container.definition());
        if (!frozen) {
            health.begin(container);
        }
    }

    private void resumeStreams(Container container) {
        var stdio = streams.of(container);
        try {
            Streams.openLog(stdio);
        } catch (EngineException e) {
            LOG.error("take over the log of container {}: {}", container.id, e.getMessage());
        }
        stdio.start();
        stdio.processStarted();
    }

    /** It ran when the engine was last seen, and does not now: the rest of its output, its exit code. */
    private void settle(Container container, @Nullable TaskProcess task) {
        if (task != null && task.status() == TaskProcess.Status.CREATED) {
            starter.takeBack(container, LOST);
            return;
        }
        resumeStreams(container);
        var exit = task == null
                ? new Exit(0, LOST, Instant.now())
                : new Exit(task.pid(), task.exitStatus(), task.exitedAt());
        ends.ended(container, exit, Duration.ZERO);
    }

    /** Starts what restart policies want to run, and removes what was to be removed. Returns at once. */
    void applyPolicies() {
        for (Container container : table.all()) {
            var state = container.state();
            var host = container.definition().hostConfig();
            if (state.alive()) {
                continue;
            }
            boolean everStarted = !state.startedAt().equals(RunState.NEVER);
            if (host.autoRemove() && everStarted) {
                Thread.ofVirtual().name("autoremove").start(() -> remover.autoRemove(container));
            } else if (state.status() == RunState.Status.RESTARTING
                    || RestartRule.atBoot(host, everStarted, state.stoppedByHand(), state.exitCode())) {
                Thread.ofVirtual().name("boot-" + container.shortId()).start(() -> boot(container));
            }
        }
    }

    private void boot(Container container) {
        container.lock.lock();
        try {
            if (!container.state().alive() && !container.removing) {
                starter.start(container, container.state().restartCount());
            }
        } catch (EngineException e) {
            LOG.error("start container {} by its restart policy: {}", container.id, e.getMessage());
        } finally {
            container.lock.unlock();
        }
    }

    /** Does something to many containers side by side and waits for all. */
    static void all(List<Container> containers, java.util.function.Consumer<Container> action)
            throws InterruptedException {
        var left = new CountDownLatch(containers.size());
        for (Container container : containers) {
            Thread.ofVirtual().start(() -> {
                try {
                    action.accept(container);
                } catch (RuntimeException e) {
                    LOG.error("container {}", container.id, e);
                } finally {
                    left.countDown();
                }
            });
        }
        left.await();
    }
}
