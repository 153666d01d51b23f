package io.drydock.docker.engine.container;

import io.drydock.docker.engine.container.store.RunState;
import java.time.Duration;
import java.time.Instant;

/** Times as the API writes them, and durations as people read them. */
final class Times {
    private Times() {}

    static String text(Instant time) {
        return time.toString();
    }

    static Instant instant(String text) {
        return text.equals(RunState.NEVER) ? Instant.EPOCH : Instant.parse(text);
    }

    /** In the zone of this machine, with nanoseconds, as health checks show it. */
    static String local(Instant time) {
        return time.atZone(java.time.ZoneId.systemDefault()).toOffsetDateTime().toString();
    }

    /** {@code 1m30s}, {@code 1.5s}, {@code 200ms}: as Go prints a duration. */
    static String go(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos < 1_000_000_000) {
            return nanos % 1_000_000 == 0 ? nanos / 1_000_000 + "ms" : decimal(nanos, 1_000_000) + "ms";
        }
        long minutes = duration.toMinutes();
        String seconds = decimal(nanos - minutes * 60_000_000_000L, 1_000_000_000) + "s";
        String rest = minutes == 0 ? seconds : minutes % 60 + "m" + seconds;
        return minutes < 60 ? rest : minutes / 60 + "h" + rest;
    }

    private static String decimal(long nanos, long unit) {
        return java.math.BigDecimal.valueOf(nanos)
                .divide(java.math.BigDecimal.valueOf(unit))
                .stripTrailingZeros()
                .toPlainString();
    }

    /** {@code 3 minutes}, {@code About an hour}, {@code 2 weeks}, as the original rounds them. */
    static String human(Duration duration) {
        long seconds = duration.toSeconds();
        long minutes = duration.toMinutes();
        long hours = (minutes + 30) / 60;
        if (seconds < 1) {
            return "Less than a second";
        } else if (seconds == 1) {
            return "1 second";
        } else if (seconds < 60) {
            return seconds + " seconds";
        } else if (minutes == 1) {
            return "About a minute";
        } else if (minutes < 60) {
            return minutes + " minutes";
        } else if (hours == 1) {
            return "About an hour";
        } else if (hours < 48) {
            return hours + " hours";
        } else if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        } else if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        } else if (hours < 24 * 365 * 2) {
            return hours / 24 / 30 + " months";
        }
        return hours / 24 / 365 + " years";
    }
}
