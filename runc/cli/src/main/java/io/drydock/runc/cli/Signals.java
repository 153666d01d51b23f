package io.drydock.runc.cli;

import java.util.List;

/** Signals by name, with or without SIG, or number. */
final class Signals {
    private static final List<String> NAMES = List.of(
            "", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
            "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
            "PROF", "WINCH", "IO", "PWR", "SYS");

    private Signals() {}

    static int number(String word) throws UsageException {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException e) {
            String name = word.toUpperCase(java.util.Locale.ROOT);
            int number = NAMES.indexOf(name.startsWith("SIG") ? name.substring(3) : name);
            if (number <= 0) {
                throw new UsageException("unknown signal \"" + word + '"');
            }
            return number;
        }
    }
}
