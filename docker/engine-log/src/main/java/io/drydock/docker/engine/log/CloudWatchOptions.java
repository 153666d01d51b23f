package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Where and how lines go to Amazon CloudWatch Logs.
 *
 * @param begin what a line that begins an event contains; null if each line is an event
 * @param format the header {@code x-amzn-logs-format}; empty for none
 */
record CloudWatchOptions(
        String region,
        URI endpoint,
        String group,
        String stream,
        boolean createGroup,
        boolean createStream,
        Duration linger,
        @Nullable Pattern begin,
        String format) {
    private static final String FORMAT = "json/emf";

    /** Python's strftime letters, as expressions. */
    private static final Map<Character, String> TIME = Map.ofEntries(
            Map.entry('a', "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"),
            Map.entry('A', "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"),
            Map.entry('w', "[0-6]"),
            Map.entry('d', "(?:0[1-9]|[12][0-9]|3[01])"),
            Map.entry('b', "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"),
            Map.entry('B', "(?:January|February|March|April|May|June|July|August|September|October|November|December)"),
            Map.entry('m', "(?:0[1-9]|1[0-2])"),
            Map.entry('Y', "\\d{4}"),
            Map.entry('y', "\\d{2}"),
            Map.entry('H', "(?:[01][0-9]|2[0-3])"),
            Map.entry('I', "(?:0[0-9]|1[0-2])"),
            Map.entry('p', "[AP]M"),
            Map.entry('M', "[0-5][0-9]"),
            Map.entry('S', "[0-5][0-9]"),
            Map.entry('f', "\\d{6}"),
            Map.entry('z', "[+-]\\d{4}"),
            Map.entry('Z', "[A-Z]{1,4}T"),
            Map.entry('j', "(?:[0-2][0-9]{2}|3[0-5][0-9]|36[0-6])"),
            Map.entry('L', "\\.\\d{3}"));

    /** Refuses what the original refuses when a container is created. */
    static void check(LogInfo info) {
        if (info.option("awslogs-group", "").isEmpty()) {
            throw EngineException.invalid("must specify a value for log opt 'awslogs-group'");
        }
        for (String name : new String[] {"awslogs-create-group", "awslogs-create-stream"}) {
            try {
                flag(info, name, true);
            } catch (EngineException e) {
                throw EngineException.invalid("must specify valid value for log opt '" + name + "': " + e.getMessage());
            }
        }
        positive(info, "awslogs-force-flush-interval-seconds", 5);
        positive(info, "awslogs-max-buffered-events", 4096);
        boolean byTime = info.options().containsKey("awslogs-datetime-format");
        boolean byPattern = info.options().containsKey("awslogs-multiline-pattern");
        if (byTime && byPattern) {
            throw EngineException.invalid("you cannot configure log opt 'awslogs-datetime-format' and"
                    + " 'awslogs-multiline-pattern' at the same time");
        }
        String format = info.option("awslogs-format", "");
        if (!format.isEmpty() && !format.equals(FORMAT)) {
            throw EngineException.invalid("unsupported log format '" + format + "'");
        }
        if (!format.isEmpty() && (byTime || byPattern)) {
            throw EngineException.invalid("you cannot configure log opt 'awslogs-datetime-format' or"
                    + " 'awslogs-multiline-pattern' when log opt 'awslogs-format' is set to 'json/emf'");
        }
    }

    /**
     * Reads the options.
     *
     * @throws EngineException INVALID with the original's words
     */
    static CloudWatchOptions parse(LogInfo info, Map<String, String> environment) {
        check(info);
        String region = info.option("awslogs-region", environment.getOrDefault("AWS_REGION", ""));
        if (region.isEmpty()) {
            throw EngineException.invalid(
                    "cannot determine region for awslogs driver: give awslogs-region or AWS_REGION");
        }
        String endpoint = info.option("awslogs-endpoint", "");
        String stream = info.option("awslogs-stream", "");
        String tag = info.option("tag", "{{.FullID}}");
        return new CloudWatchOptions(
                region,
                endpoint(endpoint.isEmpty() ? "https://logs." + region + "." + domain(region) : endpoint),
                info.option("awslogs-group", ""),
                stream.isEmpty() ? LogTag.of(info, tag) : stream,
                flag(info, "awslogs-create-group", false),
                flag(info, "awslogs-create-stream", true),
                Duration.ofSeconds(positive(info, "awslogs-force-flush-interval-seconds", 5)),
                begin(info),
                info.option("awslogs-format", ""));
    }

    private static String domain(String region) {
        return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
    }

    private static URI endpoint(String text) {
        try {
            var uri = URI.create(text);
            if (uri.getHost() != null && !String.valueOf(uri.getScheme()).isEmpty()) {
                return uri.getPath().isEmpty() ? uri.resolve("/") : uri;
            }
        } catch (IllegalArgumentException e) {
            throw EngineException.invalid("awslogs-endpoint " + text + ": " + e.getMessage());
        }
        throw EngineException.invalid("awslogs-endpoint " + text + " is no URL");
    }

    private static boolean flag(LogInfo info, String name, boolean otherwise) {
        String text = info.option(name, "");
        return text.isEmpty() ? otherwise : Rotation.bool(text);
    }

    private static int positive(LogInfo info, String name, int otherwise) {
        String text = info.option(name, "");
        try {
            int number = text.isEmpty() ? otherwise : Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("must specify a positive integer for log opt '" + name + "': " + text);
        }
        throw EngineException.invalid("must specify a positive integer for log opt '" + name + "': " + text);
    }

    private static @Nullable Pattern begin(LogInfo info) {
        String time = info.option("awslogs-datetime-format", "");
        String text = time.isEmpty() ? info.option("awslogs-multiline-pattern", "") : expression(time);
        try {
            return text.isEmpty() ? null : Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw EngineException.invalid(
                    "awslogs could not parse multiline pattern key \"" + text + "\": " + e.getDescription());
        }
    }

    private static String expression(String time) {
        var out = new StringBuilder();
        for (int i = 0; i < time.length(); i++) {
            if (time.charAt(i) == '%' && i + 1 < time.length()) {
                out.append(TIME.getOrDefault(time.charAt(++i), ""));
            } else {
                out.append(time.charAt(i));
            }
        }
        return out.toString();
    }
}
