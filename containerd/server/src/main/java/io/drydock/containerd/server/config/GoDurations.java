package io.drydock.containerd.server.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** Durations as Go writes them: {@code 1m30s}, {@code 100ms}. */
final class GoDurations {
    private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");

    private GoDurations() {}

    /** @throws IllegalArgumentException in Go's words */
    static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        boolean negative = text.startsWith("-");
        var rest = negative ? text.substring(1) : text;
        var matcher = PART.matcher(rest);
        int at = 0;
        double nanos = 0;
        while (matcher.find() && matcher.start() == at) {
            nanos += Double.parseDouble(matcher.group(1)) * unit(matcher.group(2));
            at = matcher.end();
        }
        if (at == 0 || at != rest.length()) {
            throw new IllegalArgumentException("time: invalid duration \"" + text + "\"");
        }
        return Duration.ofNanos(Math.round(negative ? -nanos : nanos));
    }

    private static double unit(String name) {
        return switch (name) {
            case "h" -> 3600e9;
            case "m" -> 60e9;
            case "s" -> 1e9;
            case "ms" -> 1e6;
            case "ns" -> 1;
            default -> 1e3;
        };
    }
}
