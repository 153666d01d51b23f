package io.drydock.containerd.server.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes documents in the form that {@link Toml} reads: keys in their order, tables behind them. */
final class TomlText {
    private final StringBuilder text = new StringBuilder();

    private TomlText() {}

    static String of(Map<String, Object> document) {
        var writer = new TomlText();
        writer.table("", document, 0);
        return writer.text.toString();
    }

    private void table(String path, Map<?, ?> table, int depth) {
        var indent = "  ".repeat(Math.max(depth - 1, 0));
        if (depth > 0) {
            text.append('\n').append(indent).append('[').append(path).append("]\n");
        }
        var inside = depth == 0 ? "" : indent + "  ";
        table.forEach((key, value) -> {
            if (!(value instanceof Map)) {
                text.append(inside)
                        .append(key((String) key))
                        .append(" = ")
                        .append(value(value))
                        .append('\n');
            }
        });
        table.forEach((key, value) -> {
            if (value instanceof Map<?, ?> below) {
                table(path.isEmpty() ? key((String) key) : path + "." + key((String) key), below, depth + 1);
            }
        });
    }

    private static String key(String key) {
        return key.matches("[A-Za-z0-9_-]+") ? key : quoted(key);
    }

    private static String value(Object value) {
        return switch (value) {
            case String word -> quoted(word);
            case List<?> list -> list.stream().map(TomlText::value).collect(Collectors.joining(", ", "[", "]"));
            case Map<?, ?> table ->
                table.entrySet().stream()
                        .map(entry -> key((String) entry.getKey()) + " = " + value(entry.getValue()))
                        .collect(Collectors.joining(", ", "{", "}"));
            default -> value.toString();
        };
    }

    private static String quoted(String word) {
        if (word.indexOf('\'') < 0 && word.chars().noneMatch(Character::isISOControl)) {
            return "'" + word + "'";
        }
        var quoted = new StringBuilder("\"");
        for (char c : word.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(Character.isISOControl(c) ? String.format("\\u%04x", (int) c) : c);
            }
        }
        return quoted.append('"').toString();
    }
}
