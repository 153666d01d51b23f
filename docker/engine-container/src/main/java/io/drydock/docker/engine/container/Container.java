package io.drydock.docker.engine.container;

import io.drydock.containerd.client.Mount;
import io.drydock.docker.engine.container.stdio.ProcessStdio;
import io.drydock.docker.engine.container.store.Definition;
import io.drydock.docker.engine.container.store.RunState;
import io.drydock.docker.engine.container.watch.OperationLock;
import io.drydock.docker.engine.log.RotatedLog;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One container. Whoever changes its state holds {@link #lock}, which may take as long as a start; definition and state are
 * immutable and can be read by anyone at any time.
 */
final class Container {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    final String id;
    final OperationLock lock = new OperationLock();
    final ExitSignal exits = new ExitSignal();
    final Map<String, Exec> execs = new ConcurrentHashMap<>();
    final Backoff backoff = new Backoff();
    volatile boolean removing;

    /**
     * The memory killer has been at work in this run. Set as containerd's events come, which tell it before the end that it
     * explains; the end itself is settled on another thread and must not overtake it.
     */
    volatile boolean outOfMemory;

    /** How its root file system is mounted, as its creation told; null once the engine was started again. */
    volatile @Nullable List<Mount> rootfs;

    /** What the health check has found; null for a container that is not checked, or was not since the engine started. */
    volatile @Nullable Health health;

    volatile @Nullable ProcessStdio stdio;
    volatile @Nullable RotatedLog log;
    final Instant created;
    private volatile Definition definition;
    private volatile Run run;

    /** A state's times, read once: lists of many containers want them. */
    record Run(RunState state, Instant started, Instant finished) {
        static Run of(RunState state) {
            return new Run(state, Times.instant(state.startedAt()), Times.instant(state.finishedAt()));
        }
    }

    Container(Definition definition, RunState state) {
        this.id = definition.id();
        this.created = Times.instant(definition.created());
        this.definition = definition;
        this.run = Run.of(state);
    }

    Definition definition() {
        return definition;
    }

    RunState state() {
        return run.state();
    }

    /** The state with its times. */
    Run run() {
        return run;
    }

    /** For who holds the lock and has stored the new one. */
    void definition(Definition changed) {
        this.definition = changed;
    }

    /** For who holds the lock. */
    void state(RunState changed) {
        this.run = Run.of(changed);
    }

    /** Takes the lock for a client, who does not wait for ever. */
    void lockForRequest() {
        lock.lockWithin(PATIENCE, "container " + name());
    }

    String name() {
        return definition.name();
    }

    String shortId() {
        return id.substring(0, 12);
    }

    /** What events say about it: its labels, image and name. */
    Map<String, String> attributes() {
        var attributes = new LinkedHashMap<>(definition.config().labels());
        attributes.put("image", definition.config().image());
        attributes.put("name", definition.name());
        return attributes;
    }

    Map<String, String> attributes(String key, String value) {
        var attributes = attributes();
        attributes.put(key, value);
        return attributes;
    }

    /** Refuses with 409 unless the container has a task. */
    void requireAlive() {
        if (!state().alive()) {
            throw EngineException.conflict("container " + id + " is not running");
        }
    }
}
