package io.drydock.containerd.stores.gc;

import java.time.Duration;

/**
 * When garbage is collected.
 *
 * @param pauseThreshold the part of the time that may be spent collecting, at most 0.5; 0 for no limit: then a second lies
 *     between two collections
 * @param deletionThreshold so many deletions are collected at once, without waiting for the pause to end; 0 for never
 * @param mutationThreshold so many changes of any kind are followed by a collection; 0 for never
 * @param delay from what makes a collection necessary until it begins
 * @param startupDelay from the start until the first one; zero for none
 */
public record CollectionSchedule(
        double pauseThreshold, int deletionThreshold, int mutationThreshold, Duration delay, Duration startupDelay) {
    private static final double MOST = 0.5;
    private static final Duration SHORTEST = Duration.ofMillis(5);

    public static final CollectionSchedule DEFAULT =
            new CollectionSchedule(0.02, 0, 100, Duration.ZERO, Duration.ofMillis(100));

    /** Values that are too large or negative become the nearest that make sense. */
    public CollectionSchedule {
        pauseThreshold = Math.clamp(pauseThreshold, 0, MOST);
        deletionThreshold = Math.max(deletionThreshold, 0);
        mutationThreshold = Math.max(mutationThreshold, 0);
        delay = delay.isNegative() ? Duration.ZERO : delay;
        startupDelay = startupDelay.isNegative() ? Duration.ZERO : startupDelay;
    }

    /** How long nothing is collected after a collection, unless so many deletions come. */
    Duration pause(Duration average) {
        if (pauseThreshold == 0) {
            return Duration.ofSeconds(1);
        }
        long nanos = Math.max(average.toNanos(), SHORTEST.toNanos());
        return Duration.ofNanos((long) (nanos / pauseThreshold) - nanos);
    }
}
