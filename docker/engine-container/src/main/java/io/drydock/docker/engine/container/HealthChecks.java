package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Health;
import io.drydock.spec.engine.HealthcheckResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Probes the health of running containers. Each checked run has one virtual thread that sleeps, probes, and publishes what it
 * has found as an immutable {@link Health}; it is interrupted when the container ends or is paused.
 */
final class HealthChecks {
    private final Execs execs;
    private final EventSink events;
    private final Map<String, Thread> monitors = new ConcurrentHashMap<>();
    private final LongAdder total = new LongAdder();
    private final LongAdder failed = new LongAdder();

    HealthChecks(Execs execs, EventSink events) {
        this.execs = execs;
        this.events = events;
    }

    /** A run has begun, or was taken over: its health is to be found out anew. */
    void begin(Container container) {
        boolean checked = !HealthRules.command(container.definition().config()).isEmpty();
        container.health = checked ? HealthRules.NEW : null;
        resume(container);
    }

    /** How many probes there were, and how many of them failed. */
    record Counts(long total, long failed) {}

    Counts counts() {
        return new Counts(total.sum(), failed.sum());
    }

    /** Probes again, after a pause of the container. */
    void resume(Container container) {
        var command = HealthRules.command(container.definition().config());
        if (!command.isEmpty()) {
            var monitor =
                    Thread.ofVirtual().name("health-" + container.shortId()).unstarted(() -> watch(container, command));
            var before = monitors.put(container.id, monitor);
            if (before != null) {
                before.interrupt();
            }
            monitor.start();
        }
    }

    /** The container has ended or is paused. */
    void stop(Container container) {
        var monitor = monitors.remove(container.id);
        if (monitor != null) {
            monitor.interrupt();
            if (monitors.isEmpty()) {
                execs.endProbes();
            }
            var last = container.health;
            if (last != null) {
                // who is not probed cannot be called healthy: so says the original, without an event
                container.health = new Health(HealthRules.UNHEALTHY, last.failingStreak(), last.log());
            }
        }
    }

    private void watch(Container container, List<String> command) {
        var config = container.definition().config().healthcheck();
        if (config == null) {
            return;
        }
        try {
            var prepared = new AtomicReference<Execs.@Nullable Probe>();
            while (true) {
                var started = container.run().started();
                var before = container.health == null ? HealthRules.NEW : container.health;
                var pause = HealthRules.pause(config, before, Duration.between(started, Instant.now()));
                Thread.sleep(HealthRules.together(pause, System.nanoTime()));
                var begin = Instant.now();
                var result = probe(container, command, prepared, HealthRules.timeout(config), begin);
                if (monitors.get(container.id) != Thread.currentThread()) {
                    return;
                }
                var after = HealthRules.after(before, config, result, Duration.between(started, begin));
                container.health = after;
                total.increment();
                if (result.exitCode() != 0) {
                    failed.increment();
                }
                if (!after.status().equals(before.status())) {
                    events.publish(
                            "container", "health_status: " + after.status(), container.id, container.attributes());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HealthcheckResult probe(
            Container container,
            List<String> command,
            AtomicReference<Execs.@Nullable Probe> prepared,
            Duration timeout,
            Instant begin)
            throws InterruptedException {
        var output = new ProbeOutput();
        int code;
        try {
            var ready = prepared.get();
            if (ready == null) {
                ready = execs.prepare(container, command);
                prepared.set(ready);
            }
            var ended = execs.probe(ready, timeout, output);
            code = ended.isPresent() ? ended.getAsInt() : -1;
            if (ended.isEmpty()) {
                output.replace("Health check exceeded timeout (" + Times.go(timeout) + ")");
            }
        } catch (EngineException e) {
            code = -1;
            output.replace(String.valueOf(e.getMessage()));
        }
        return new HealthcheckResult(Times.local(begin), Times.local(Instant.now()), code, output.text());
    }
}
