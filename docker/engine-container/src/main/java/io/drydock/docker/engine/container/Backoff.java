package io.drydock.docker.engine.container;

import java.time.Duration;

/** How long to wait before a restart: 100 ms, doubled each time up to a minute, anew after a run of ten seconds. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final Duration GOOD_RUN = Duration.ofSeconds(10);

    private Duration last = Duration.ZERO;

    /** The pause after a run of that length. Called under the container's lock. */
    Duration next(Duration run) {
        if (last.isZero() || run.compareTo(GOOD_RUN) >= 0) {
            last = FIRST;
        } else {
            last = last.multipliedBy(2);
            if (last.compareTo(LONGEST) > 0) {
                last = LONGEST;
            }
        }
        return last;
    }

    /** The container was started by hand. */
    void reset() {
        last = Duration.ZERO;
    }
}
