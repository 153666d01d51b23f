package io.drydock.runc.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 5s}, {@code 100ms}, {@code 1m30.5s}. */
final class GoDuration {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)");
    private static final double NANOS_PER_SECOND = 1e9;

    private GoDuration() {}

    /** Never negative. */
    static Duration parse(String flag, String text) throws UsageException {
        double nanos = 0;
        Matcher parts = PART.matcher(text);
        int at = 0;
        while (parts.find() && parts.start() == at) {
            nanos += Double.parseDouble(parts.group(1)) * unit(parts.group(2));
            at = parts.end();
        }
        if (!text.equals("0") && (at == 0 || at != text.length())) {
            throw new UsageException("invalid value \"" + text + "\" for flag -" + flag + ": parse error");
        }
        return Duration.ofNanos((long) nanos);
    }

    private static double unit(String name) {
        return switch (name) {
            case "ns" -> 1;
            case "ms" -> 1e6;
            case "s" -> NANOS_PER_SECOND;
            case "m" -> 60 * NANOS_PER_SECOND;
            case "h" -> 3600 * NANOS_PER_SECOND;
            default -> 1e3;
        };
    }
}
