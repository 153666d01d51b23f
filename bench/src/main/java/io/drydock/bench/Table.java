package io.drydock.bench;

import java.util.Locale;

/** Lines of the printed table: what was measured, ours, the original's, and the ratio of both. */
final class Table {
    private Table() {}

    static void heading() {
        System.out.printf(
                Locale.ROOT,
                "%-58s %20s %20s %7s%n",
                "milliseconds unless said: median (10 %–90 %)",
                "Drydock",
                "original",
                "ratio");
    }

    static void times(String what, Series mine, Series theirs) {
        System.out.printf(Locale.ROOT, "%-58s %20s %20s %7.2f%n", what, mine, theirs, mine.median() / theirs.median());
    }

    /** {@code digits}: so many after the point. */
    static void numbers(String what, int digits, double mine, double theirs) {
        var format = "%-58s %20." + digits + "f %20." + digits + "f %7.2f%n";
        System.out.printf(Locale.ROOT, format, what, mine, theirs, mine / theirs);
    }
}
