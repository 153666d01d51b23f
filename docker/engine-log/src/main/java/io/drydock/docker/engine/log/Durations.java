package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 1m30s}, {@code 500ms}. */
final class Durations {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|ms|s|m|h)");

    private Durations() {}

    static Duration parse(String text) {
        var parts = PART.matcher(text);
        var sum = Duration.ZERO;
        int end = 0;
        while (parts.lookingAt()) {
            double value = Double.parseDouble(parts.group(1));
            sum = sum.plusNanos((long) (value * nanos(parts.group(2))));
            end = parts.end();
            parts.region(end, text.length());
        }
        if (end == 0 || end < text.length()) {
            throw EngineException.invalid("time: invalid duration \"" + text + "\"");
        }
        return sum;
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }
}
