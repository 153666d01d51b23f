package io.drydock.docker.cli.image;

import io.drydock.docker.cli.format.Units;
import io.drydock.docker.cli.json.Json;
import java.util.Map;
import java.util.function.IntSupplier;

/** How far something is, behind its status: a bar where the terminal is wide enough, and numbers. */
final class ProgressBar {
    private static final int WIDTH = 50;
    private static final int WIDE_TERMINAL = 110;

    private ProgressBar() {}

    /** Empty if nothing is known. {@code width} is the terminal's, or 0. */
    static String of(Map<String, Object> detail, IntSupplier width) {
        long current = Json.number(detail, "current");
        long total = Json.number(detail, "total");
        String units = Json.text(detail, "units");
        if (current <= 0 && total <= 0) {
            return "";
        }
        if (total <= 0) {
            return units.isEmpty() ? padded(current) : current + " " + units;
        }
        String numbers = "";
        if (!Json.bool(detail, "hidecounts")) {
            // a total that is less than what is done already is left out
            boolean sane = current <= total;
            numbers = units.isEmpty()
                    ? padded(current) + (sane ? "/" + Units.preciseSize(total) : "")
                    : current + (sane ? "/" + total : "") + " " + units;
        }
        return (width.getAsInt() > WIDE_TERMINAL ? bar(current, total) : "") + numbers;
    }

    private static String bar(long current, long total) {
        int filled = Math.min(WIDTH, (int) ((double) current / total * 100) / 2);
        return "[" + "=".repeat(filled) + ">" + " ".repeat(WIDTH - filled) + "] ";
    }

    private static String padded(long bytes) {
        String text = Units.preciseSize(bytes);
        return " ".repeat(Math.max(0, 8 - text.length())) + text;
    }
}
