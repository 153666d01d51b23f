package io.drydock.docker.engine.container;

import io.drydock.spec.engine.ContainerConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Health;
import io.drydock.spec.engine.HealthConfig;
import io.drydock.spec.engine.HealthcheckResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a health check is, what its results mean, and which are refused. Knows nothing of processes and clocks. */
final class HealthRules {
    static final String STARTING = "starting";
    static final String HEALTHY = "healthy";
    static final String UNHEALTHY = "unhealthy";
    static final Health NEW = new Health(STARTING, 0, List.of());

    private static final int KEPT = 5;
    private static final int RETRIES = 3;
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration START_INTERVAL = Duration.ofSeconds(5);
    private static final long MINIMUM_NANOS = 1_000_000;
    private static final long TOGETHER_NANOS = 100_000_000;

    private HealthRules() {}

    /** Refuses durations and counts that make no sense, in the original's words. */
    static void check(HealthConfig config) {
        atLeast("Interval", config.interval());
        atLeast("Timeout", config.timeout());
        if (config.retries() < 0) {
            throw EngineException.invalid("Retries in Healthcheck cannot be negative");
        }
        atLeast("StartPeriod", config.startPeriod());
        atLeast("StartInterval", config.startInterval());
    }

    private static void atLeast(String name, long nanos) {
        if (nanos != 0 && nanos < MINIMUM_NANOS) {
            throw EngineException.invalid(name + " in Healthcheck cannot be less than 1ms");
        }
    }

    /** The words of the probe; empty if the container is not checked. */
    static List<String> command(ContainerConfig config) {
        var health = config.healthcheck();
        if (health == null || health.test().isEmpty()) {
            return List.of();
        }
        var words = health.test().subList(1, health.test().size());
        return switch (health.test().getFirst()) {
            case "CMD" -> List.copyOf(words);
            case "CMD-SHELL" -> {
                var shell = new ArrayList<>(config.shell() == null ? List.of("/bin/sh", "-c") : config.shell());
                shell.addAll(words);
                yield List.copyOf(shell);
            }
            default -> List.of();
        };
    }

    /** How long to wait for the next probe of a container that runs since {@code up}. */
    static Duration pause(HealthConfig config, Health health, Duration up) {
        boolean early = up.toNanos() < config.startPeriod() && health.status().equals(STARTING);
        return early ? or(config.startInterval(), START_INTERVAL) : or(config.interval(), INTERVAL);
    }

    /**
     * A pause that ends when those of other containers do: many probes at a time wake every thread on their way once. At most a
     * tenth longer.
     *
     * @param now in nanoseconds, on a clock that all share
     */
    static Duration together(Duration pause, long now) {
        long step = Math.min(pause.toNanos() / 10, TOGETHER_NANOS);
        return step == 0 ? pause : pause.plusNanos(step - 1 - Math.floorMod(now + pause.toNanos() - 1, step));
    }

    /** How long a probe may take. */
    static Duration timeout(HealthConfig config) {
        return or(config.timeout(), INTERVAL);
    }

    private static Duration or(long nanos, Duration otherwise) {
        return nanos == 0 ? otherwise : Duration.ofNanos(nanos);
    }

    /**
     * The health after a probe.
     *
     * @param up how long the container had been running when the probe began
     */
    static Health after(Health before, HealthConfig config, HealthcheckResult result, Duration up) {
        var log = new ArrayList<>(before.log());
        log.add(result);
        while (log.size() > KEPT) {
            log.removeFirst();
        }
        if (result.exitCode() == 0) {
            return new Health(HEALTHY, 0, List.copyOf(log));
        }
        if (before.status().equals(STARTING) && up.toNanos() < config.startPeriod()) {
            return new Health(STARTING, before.failingStreak(), List.copyOf(log));
        }
        int streak = before.failingStreak() + 1;
        int retries = config.retries() == 0 ? RETRIES : config.retries();
        return new Health(streak >= retries ? UNHEALTHY : before.status(), streak, List.copyOf(log));
    }
}
