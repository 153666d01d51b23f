package io.drydock.spec.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which lines of a log are asked for.
 *
 * @param follow to go on with new lines until the container ends
 * @param since only lines at or after this time; null for all
 * @param until only lines before or at this time; null for all
 * @param tail only that many last lines; -1 for all
 */
public record LogQuery(
        boolean stdout,
        boolean stderr,
        boolean follow,
        @Nullable Instant since,
        @Nullable Instant until,
        int tail) {

    /** Whether the message passes, the tail left aside. */
    public boolean accepts(LogMessage message) {
        return (message.stream() == 2 ? stderr : stdout)
                && (since == null || !message.time().isBefore(since));
    }

    /** Whether the message and all after it are too late. */
    public boolean isPast(LogMessage message) {
        return until != null && message.time().isAfter(until);
    }
}
