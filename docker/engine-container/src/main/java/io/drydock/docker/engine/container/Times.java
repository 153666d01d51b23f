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
