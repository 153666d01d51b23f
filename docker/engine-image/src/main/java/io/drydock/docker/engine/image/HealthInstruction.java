package io.drydock.docker.engine.image;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.oci.image.HealthCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The HEALTHCHECK instruction: {@code [--interval=30s …] CMD …}, or {@code NONE}. */
final class HealthInstruction {
    private static final Pattern PART = Pattern.compile("([0-9]*\\.?[0-9]+)(ns|us|µs|ms|s|m|h)");
    private static final Map<String, Long> UNITS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "µs", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    private static final List<String> FLAGS =
            List.of("interval", "timeout", "start-period", "start-interval", "retries");

    private HealthInstruction() {}

    static HealthCheck parse(String text) {
        var flags = new LinkedHashMap<String, String>();
        String rest = text;
        while (rest.startsWith("--")) {
            int space = rest.indexOf(' ');
            String flag = space < 0 ? rest : rest.substring(0, space);
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag.substring(2) : flag.substring(2, equals);
            if (!FLAGS.contains(name)) {
                throw EngineException.invalid("unknown flag: --" + name);
            }
            flags.put(name, equals < 0 ? "" : flag.substring(equals + 1));
            rest = space < 0 ? "" : rest.substring(space + 1).strip();
        }
        return new HealthCheck(
                test(rest),
                duration(flags, "interval"),
                duration(flags, "timeout"),
                duration(flags, "start-period"),
                duration(flags, "start-interval"),
                retries(flags.get("retries")));
    }

    private static List<String> test(String text) {
        int space = text.indexOf(' ');
        String type = (space < 0 ? text : text.substring(0, space)).toUpperCase(Locale.ROOT);
        String command = space < 0 ? "" : text.substring(space + 1).strip();
        return switch (type) {
            case "NONE" -> {
                if (!command.isEmpty()) {
                    throw EngineException.invalid("HEALTHCHECK NONE takes no arguments");
                }
                yield List.of("NONE");
            }
            case "CMD" -> {
                if (command.isEmpty()) {
                    throw EngineException.invalid("Missing command after HEALTHCHECK CMD");
                }
                var list = ConfigChanges.list(command);
                var test = new ArrayList<String>();
                test.add(list == null ? "CMD-SHELL" : "CMD");
                test.addAll(list == null ? List.of(command) : list);
                yield test;
            }
            default -> throw EngineException.invalid("Unknown type \"" + type + "\" in HEALTHCHECK (try CMD)");
        };
    }

    private static @Nullable Long duration(Map<String, String> flags, String name) {
        String text = flags.get(name);
        if (text == null) {
            return null;
        }
        var parts = PART.matcher(text);
        double nanos = 0;
        int end = 0;
        while (parts.lookingAt()) {
            nanos += Double.parseDouble(parts.group(1)) * UNITS.getOrDefault(parts.group(2), 0L);
            end = parts.end();
            parts.region(end, text.length());
        }
        if (end != text.length() || end == 0) {
            throw EngineException.invalid("time: invalid duration \"" + text + "\"");
        }
        if (nanos < 1_000_000 && nanos != 0) {
            throw EngineException.invalid("Interval \"" + name + "\" cannot be less than 1ms");
        }
        return (long) nanos;
    }

    private static @Nullable Integer retries(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            int retries = Integer.parseInt(text);
            if (retries >= 0) {
                return retries;
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
        throw EngineException.invalid("--retries cannot be negative (" + text + ")");
    }
}
