package io.drydock.docker.engine.image;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.oci.image.HealthCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The HEALTHCHECK instruction: {@code [--interval=30s …] CMD …}, or {@code NONE}. */
final class HealthInstruction {
    private static final List<String> FLAGS =
            List.of("interval", "timeout", "start-period", "start-interval", "retries");

    private static final long MINIMUM_NANOS = 1_000_000;

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
        try {
            long nanos = FlagValues.duration(text);
            if (nanos < MINIMUM_NANOS && nanos != 0) {
                throw EngineException.invalid("Interval \"" + name + "\" cannot be less than 1ms");
            }
            return nanos;
        } catch (FlagException e) {
            throw EngineException.invalid(String.valueOf(e.getMessage()));
        }
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
