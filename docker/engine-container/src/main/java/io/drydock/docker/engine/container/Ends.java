package io.drydock.docker.engine.container;

import io.drydock.containerd.client.Exit;
import io.drydock.docker.engine.container.stdio.ProcessStdio;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What follows on the end of a container's task: the rest of its output, its clean-up, its restart or removal. */
final class Ends {
    private static final Logger LOG = LoggerFactory.getLogger(Ends.class);

    private final EngineDatabase database;
    private final Streams streams;
    private final Networking networking;
    private final Starter starter;
    private final Remover remover;
    private final HealthChecks health;
    private final RunMounts mounts;
    private final EventSink events;
    private volatile boolean closing;

    Ends(
            EngineDatabase database,
            Streams streams,
            Networking networking,
            Starter starter,
            Remover remover,
            HealthChecks health,
            RunMounts mounts,
            EventSink events) {
        this.mounts = mounts;
        this.health = health;
        this.database = database;
        this.streams = streams;
        this.networking = networking;
        this.starter = starter;
        this.remover = remover;
        this.events = events;
    }

    /** From now on nothing is started again: the engine is going down. */
    void noMoreRestarts() {
        closing = true;
    }

    /** The init has ended. Called on a thread of its own; waits for whoever is changing the container. */
    void ended(Container container, Exit exit, Duration grace) {
        boolean remove;
        container.lock.lock();
        try {
            var before = container.state();
            if (!before.alive() || exit.pid() != 0 && before.pid() != 0 && exit.pid() != before.pid()) {
                return;
            }
            health.stop(container);
            finishOutput(container, grace);
            boolean again = settle(container, before, exit);
            var network = Thread.ofVirtual().start(() -> networking.detach(container.id));
            starter.deleteTask(container.id);
            var metadata = Thread.ofVirtual().start(() -> starter.deleteContainer(container.id));
            mounts.unmount(container.definition());
            join(network);
            remove = conclude(container, before, exit, again);
            join(metadata);
        } finally {
            container.lock.unlock();
        }
        if (remove) {
            remover.autoRemove(container);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finishOutput(Container container, Duration grace) {
        ProcessStdio stdio = streams.release(container);
        if (stdio == null) {
            return;
        }
        try {
            stdio.finish(grace);
        } catch (IOException e) {
            LOG.error("finish the output of {}: {}", container.id, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes the end down and tells it. Returns whether another run follows. */
    private boolean settle(Container container, RunState before, Exit exit) {
        var host = container.definition().hostConfig();
        boolean again = !closing
                && !container.removing
                && RestartRule.again(host, exit.status(), before.stoppedByHand(), before.restartCount());
        var status = again ? RunState.Status.RESTARTING : RunState.Status.EXITED;
        boolean oom = before.oomKilled() || container.outOfMemory;
        container.state(before.finished(status, exit.status(), oom, Times.text(exit.at())));
        remember(container);
        var attributes = container.attributes("exitCode", Integer.toString(exit.status()));
        attributes.put(
                "execDuration", Long.toString(Math.max(0, run(before, exit).toSeconds())));
        events.publish("container", "die", container.id, attributes);
        return again;
    }

    private static Duration run(RunState before, Exit exit) {
        return Duration.between(Times.instant(before.startedAt()), exit.at());
    }

    /** Everything is cleared away: lets those go on who wait for the end. Returns whether the container is to be removed. */
    private boolean conclude(Container container, RunState before, Exit exit, boolean again) {
        if (again) {
            var pause = container.backoff.next(run(before, exit));
            Thread.ofVirtual().name("restart-" + container.shortId()).start(() -> restart(container, pause));
            return false;
        }
        boolean remove = container.definition().hostConfig().autoRemove() && !container.removing;
        container.exits.ended(exit.status());
        return remove;
    }

    /** An end is an end, also where it cannot be written down (a full disk): the next start asks containerd again. */
    private void remember(Container container) {
        try {
            database.putState(container.id, container.state());
        } catch (EngineException e) {
            LOG.error("remember the end of container {}: {}", container.id, e.getMessage());
        }
    }

    private void restart(Container container, Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            return;
        }
        container.lock.lock();
        try {
            if (container.state().status() == RunState.Status.RESTARTING && !closing && !container.removing) {
                starter.start(container, container.state().restartCount() + 1);
            }
        } catch (EngineException e) {
            LOG.error("restart container {}: {}", container.id, e.getMessage());
        } finally {
            container.lock.unlock();
        }
    }

    /** The kernel's memory killer has been at work in the container. */
    void oom(Container container, Instant at) {
        container.lock.lock();
        try {
            if (container.state().alive()) {
                container.state(container.state().oom());
                remember(container);
            }
        } finally {
            container.lock.unlock();
        }
        events.publish("container", "oom", container.id, container.attributes());
    }
}
