package io.drydock.containerd.server.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Metrics as text in Prometheus' format 0.0.4. Samples of one family may come in any order. Used by one thread. */
final class Exposition {
    private final Map<String, StringBuilder> families = new LinkedHashMap<>();

    /** What kind of numbers a family has. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM
    }

    /** Begins a family, unless it has begun. */
    Exposition family(String name, Type type, String help) {
        families.computeIfAbsent(
                name,
                absent -> new StringBuilder()
                        .append("# HELP ")
                        .append(name)
                        .append(' ')
                        .append(help)
                        .append("\n# TYPE ")
                        .append(name)
                        .append(' ')
                        .append(type.name().toLowerCase(java.util.Locale.ROOT))
                        .append('\n'));
        return this;
    }

    /**
     * Adds a number to a family.
     *
     * @param suffix behind the family's name, such as {@code _sum}
     * @param labels names and values in turn
     */
    void sample(String family, String suffix, List<String> labels, double value) {
        var text = families.get(family);
        if (text == null) {
            throw new IllegalStateException("metrics family " + family + " has not begun");
        }
        text.append(family).append(suffix);
        for (int i = 0; i < labels.size(); i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels.get(i)).append("=\"");
            text.append(labels.get(i + 1)
                    .replace("\\", "\\\\")
                    .replace("\"", "\\\"")
                    .replace("\n", "\\n"));
            text.append('"');
        }
        text.append(labels.isEmpty() ? " " : "} ").append(number(value)).append('\n');
    }

    void sample(String family, List<String> labels, double value) {
        sample(family, "", labels, value);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e18
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    String text() {
        return String.join("", families.values());
    }
}
