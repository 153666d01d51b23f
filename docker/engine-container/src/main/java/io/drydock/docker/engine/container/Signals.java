package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;
import java.util.Locale;
import java.util.Map;

/** Signals by name and number. */
final class Signals {
    static final int KILL = 9;
    static final int TERM = 15;
    private static final int RTMIN = 34;
    private static final int RTMAX = 64;
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1),
            Map.entry("INT", 2),
            Map.entry("QUIT", 3),
            Map.entry("ILL", 4),
            Map.entry("TRAP", 5),
            Map.entry("ABRT", 6),
            Map.entry("IOT", 6),
            Map.entry("BUS", 7),
            Map.entry("FPE", 8),
            Map.entry("KILL", KILL),
            Map.entry("USR1", 10),
            Map.entry("SEGV", 11),
            Map.entry("USR2", 12),
            Map.entry("PIPE", 13),
            Map.entry("ALRM", 14),
            Map.entry("TERM", TERM),
            Map.entry("STKFLT", 16),
            Map.entry("CHLD", 17),
            Map.entry("CLD", 17),
            Map.entry("CONT", 18),
            Map.entry("STOP", 19),
            Map.entry("TSTP", 20),
            Map.entry("TTIN", 21),
            Map.entry("TTOU", 22),
            Map.entry("URG", 23),
            Map.entry("XCPU", 24),
            Map.entry("XFSZ", 25),
            Map.entry("VTALRM", 26),
            Map.entry("PROF", 27),
            Map.entry("WINCH", 28),
            Map.entry("IO", 29),
            Map.entry("POLL", 29),
            Map.entry("PWR", 30),
            Map.entry("SYS", 31),
            Map.entry("RTMIN", RTMIN),
            Map.entry("RTMAX", RTMAX));

    private Signals() {}

    /** The number of {@code 9}, {@code KILL} or {@code SIGKILL}; refuses others with the original's words. */
    static int parse(String text) {
        String name = text.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring(3) : name;
        var number = NUMBERS.get(name);
        if (number != null) {
            return number;
        }
        try {
            int plus = name.indexOf('+');
            int minus = name.indexOf('-');
            int value = name.startsWith("RTMIN") && plus == 5
                    ? RTMIN + Integer.parseInt(name.substring(6))
                    : name.startsWith("RTMAX") && minus == 5
                            ? RTMAX - Integer.parseInt(name.substring(6))
                            : Integer.parseInt(name);
            if (value > 0 && value <= RTMAX) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("invalid signal: " + text);
        }
        throw EngineException.invalid("invalid signal: " + text);
    }

    /** The signal that stops a container: its own, or SIGTERM. */
    static int stop(String configured) {
        return configured.isEmpty() ? TERM : parse(configured);
    }
}
