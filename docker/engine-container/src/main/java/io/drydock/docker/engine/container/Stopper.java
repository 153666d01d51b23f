package io.drydock.docker.engine.container;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Tasks;
import io.drydock.docker.engine.container.store.EngineDatabase;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Signals, stops, pauses. Waiting for an end is done without the container's lock: the end itself needs it. */
final class Stopper {
    private static final Duration KILL_PATIENCE = Duration.ofSeconds(10);
    private static final Duration FOREVER = Duration.ofDays(3650);

    private final ContainerdClient containerd;
    private final EngineDatabase database;
    private final HealthChecks health;
    private final EventSink events;
    private final IntSupplier defaultSeconds;

    Stopper(
            ContainerdClient containerd,
            EngineDatabase database,
            HealthChecks health,
            EventSink events,
            IntSupplier defaultSeconds) {
        this.health = health;
        this.containerd = containerd;
        this.database = database;
        this.events = events;
        this.defaultSeconds = defaultSeconds;
    }

    /**
     * Asks the container to end and kills it when it has not after a while.
     *
     * @param signal empty for the container's own
     * @param seconds null for the container's own; negative for ever
     */
    void stop(Container container, String signal, @Nullable Integer seconds) {
        var config = container.definition().config();
        int number = Signals.stop(signal.isEmpty() ? config.stopSignal() == null ? "" : config.stopSignal() : signal);
        if (!markStopped(container)) {
            throw EngineException.notModified("container is already stopped");
        }
        var mark = container.exits.mark();
        if (!container.state().alive()) {
            return;
        }
        signal(container, number);
        Integer own = config.stopTimeout();
        int patience = seconds != null ? seconds : own != null ? own : defaultSeconds.getAsInt();
        if (!await(container, mark, patience < 0 ? FOREVER : Duration.ofSeconds(patience))) {
            signal(container, Signals.KILL);
            if (!await(container, mark, KILL_PATIENCE)) {
                throw EngineException.system(
                        "cannot stop container: " + container.id
                                + ": tried to kill container, but did not receive an exit event",
                        null);
            }
        }
        events.publish("container", "stop", container.id, container.attributes());
    }

    /** Remembers that a user wants it stopped; false if there is nothing to stop. A restart that was due is called off. */
    private boolean markStopped(Container container) {
        container.lockForRequest();
        try {
            var state = container.state();
            if (state.status() == RunState.Status.RESTARTING) {
                container.state(state.in(RunState.Status.EXITED).byHand(true));
                database.putState(container.id, container.state());
                container.exits.ended(state.exitCode());
                return true;
            }
            if (!state.alive()) {
                return false;
            }
            container.state(state.byHand(true));
            database.putState(container.id, container.state());
            return true;
        } finally {
            container.lock.unlock();
        }
    }

    private static boolean await(Container container, ExitSignal.Mark mark, Duration patience) {
        try {
            return container.exits.awaitEnd(mark, patience.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineException.system("interrupted while waiting for container " + container.id, e);
        }
    }

    /** Sends a signal as {@code docker kill} does. */
    void kill(Container container, String name, String signal) {
        int number = signal.isEmpty() ? Signals.KILL : Signals.parse(signal);
        var state = container.state();
        if (!state.alive() && state.status() != RunState.Status.RESTARTING) {
            throw EngineException.conflict(
                    "cannot kill container: " + name + ": container " + container.id + " is not running");
        }
        var config = container.definition().config();
        if (number == Signals.KILL || number == Signals.stop(config.stopSignal() == null ? "" : config.stopSignal())) {
            if (!markStopped(container)) {
                return;
            }
        }
        var mark = container.exits.mark();
        // told first: the end, which follows on another thread, would overtake it
        events.publish("container", "kill", container.id, container.attributes("signal", Integer.toString(number)));
        if (container.state().alive()) {
            signal(container, number);
        }
        if (number == Signals.KILL && container.state().alive()) {
            await(container, mark, KILL_PATIENCE);
        }
    }

    /** Ends a container because the engine ends: its restart policy will start it again with the engine. */
    void shutDown(Container container, Duration patience) {
        var mark = container.exits.mark();
        var config = container.definition().config();
        Integer own = config.stopTimeout();
        signal(container, Signals.stop(config.stopSignal() == null ? "" : config.stopSignal()));
        var first = Duration.ofSeconds(own == null ? defaultSeconds.getAsInt() : Math.max(own, 0));
        if (!await(container, mark, first.compareTo(patience) < 0 ? first : patience)) {
            signal(container, Signals.KILL);
            await(container, mark, KILL_PATIENCE);
        }
    }

    /** Kills it and waits until it has ended. */
    void killAndWait(Container container) {
        var mark = container.exits.mark();
        if (!markStopped(container) || !container.state().alive()) {
            return;
        }
        signal(container, Signals.KILL);
        if (!await(container, mark, KILL_PATIENCE) && container.state().alive()) {
            throw EngineException.system("tried to kill container, but did not receive an exit event", null);
        }
    }

    private void signal(Container container, int number) {
        try {
            containerd.tasks().kill(container.id, Tasks.INIT, number, false);
            if (container.state().status() == RunState.Status.PAUSED) {
                // a frozen process does not see a signal, and one that is killed thaws by itself
                thaw(container);
            }
        } catch (ContainerdException e) {
            if (!e.notFound()) {
                throw EngineException.system("cannot kill container: " + container.id + ": " + e.getMessage(), e);
            }
        }
    }

    private void thaw(Container container) {
        try {
            containerd.tasks().resume(container.id);
        } catch (ContainerdException e) {
            if (!String.valueOf(e.getMessage()).contains("not paused")) {
                throw e;
            }
        }
    }

    void pause(Container container) {
        container.lockForRequest();
        try {
            var state = container.state();
            if (state.status() == RunState.Status.PAUSED) {
                throw EngineException.conflict("container " + container.id + " is already paused");
            }
            container.requireAlive();
            containerd.tasks().pause(container.id);
            change(container, state.in(RunState.Status.PAUSED), "pause");
            health.stop(container);
        } catch (ContainerdException e) {
            throw EngineException.system("cannot pause container " + container.id + ": " + e.getMessage(), e);
        } finally {
            container.lock.unlock();
        }
    }

    void unpause(Container container) {
        container.lockForRequest();
        try {
            var state = container.state();
            if (state.status() != RunState.Status.PAUSED) {
                throw EngineException.conflict("container " + container.id + " is not paused");
            }
            containerd.tasks().resume(container.id);
            change(container, state.in(RunState.Status.RUNNING), "unpause");
            health.resume(container);
        } catch (ContainerdException e) {
            throw EngineException.system("cannot unpause container " + container.id + ": " + e.getMessage(), e);
        } finally {
            container.lock.unlock();
        }
    }

    private void change(Container container, RunState state, String action) {
        container.state(state);
        database.putState(container.id, state);
        events.publish("container", action, container.id, container.attributes());
    }
}
