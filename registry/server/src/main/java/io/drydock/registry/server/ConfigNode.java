package io.drydock.registry.server;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A mapping inside the configuration.
 *
 * @param path where it is, such as {@code http.tls.}; empty for the whole document
 * @param values texts, numbers, flags, lists and mappings; empty text for null
 */
record ConfigNode(String path, Map<String, Object> values) {
    static ConfigNode document(Map<?, ?> document) {
        return new ConfigNode("", copy(document));
    }

    private static Map<String, Object> copy(Map<?, ?> from) {
        var copy = new LinkedHashMap<String, Object>();
        from.forEach((name, value) -> copy.put(
                String.valueOf(name), value instanceof Map<?, ?> map ? copy(map) : value == null ? "" : value));
        return copy;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    List<String> names() {
        return List.copyOf(values.keySet());
    }

    @Nullable
    Object get(String name) {
        return values.get(name);
    }

    ConfigNode node(String name) {
        var value = values.get(name);
        if (value == null || value.equals("")) {
            return new ConfigNode(path + name + ".", Map.of());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("configuration: " + path + name + " is not a mapping");
        }
        return new ConfigNode(path + name + ".", copy(map));
    }

    /** The mappings of a list; none if it is absent. */
    List<ConfigNode> nodes(String name) {
        if (!has(name) || "".equals(get(name))) {
            return List.of();
        }
        if (!(get(name) instanceof List<?> list)) {
            throw new IllegalArgumentException("configuration: " + path + name + " is not a list");
        }
        return list.stream()
                .map(entry -> {
                    if (entry instanceof Map<?, ?> map) {
                        return new ConfigNode(path + name + "[].", copy(map));
                    }
                    throw new IllegalArgumentException("configuration: " + path + name + ": not a mapping: " + entry);
                })
                .toList();
    }

    /** The texts of a list, or the only one; none if it is absent. */
    List<String> texts(String name) {
        var value = values.get(name);
        return switch (value) {
            case null -> List.of();
            case List<?> list -> list.stream().map(String::valueOf).toList();
            default -> value.equals("") ? List.of() : List.of(value.toString());
        };
    }

    /** Refuses every other key: what is not looked at would be an option parsed and ignored. */
    void only(List<String> known) {
        for (var name : names()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("configuration: " + path + name + " is not supported yet");
            }
        }
    }

    /** Refuses a key with another value than the only one there is. */
    void mustBe(String name, String only) {
        if (!text(name, only).equals(only)) {
            throw new IllegalArgumentException(
                    "configuration: " + path + name + ": only " + only + " is supported, not " + text(name, only));
        }
    }

    String text(String name, String otherwise) {
        var value = values.get(name);
        return value == null || value.equals("") ? otherwise : value.toString();
    }

    boolean flag(String name) {
        return flag(name, false);
    }

    boolean flag(String name, boolean otherwise) {
        var value = values.getOrDefault(name, otherwise);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new IllegalArgumentException("configuration: " + path + name + " is neither true nor false");
    }

    int number(String name, int otherwise) {
        try {
            return Integer.parseInt(text(name, Integer.toString(otherwise)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("configuration: " + path + name + " is no whole number", e);
        }
    }

    /** A size such as {@code 10GB}; it must be there. */
    long bytes(String name) {
        try {
            long bytes = FlagValues.bytes(text(name, ""));
            if (bytes < 0) {
                throw new FlagException("invalid size: '" + bytes + "'");
            }
            return bytes;
        } catch (FlagException e) {
            throw new IllegalArgumentException("configuration: " + path + name + ": " + e.getMessage(), e);
        }
    }

    /** Go's form: {@code 168h}, {@code 1h30m}, {@code 500ms}; a bare number counts nanoseconds. */
    Duration duration(String name, Duration otherwise) {
        var text = text(name, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            long nanos = text.chars().allMatch(Character::isDigit) ? Long.parseLong(text) : FlagValues.duration(text);
            if (nanos >= 0) {
                return Duration.ofNanos(nanos);
            }
        } catch (FlagException | NumberFormatException e) {
            throw new IllegalArgumentException(
                    "configuration: " + path + name + ": invalid duration \"" + text + "\"", e);
        }
        throw new IllegalArgumentException("configuration: " + path + name + ": invalid duration \"" + text + "\"");
    }

    void set(List<String> keys, @Nullable Object value) {
        var table = values;
        for (var key : keys.subList(0, keys.size() - 1)) {
            if (!(table.get(key) instanceof Map<?, ?>)) {
                table.put(key, new LinkedHashMap<String, Object>());
            }
            @SuppressWarnings("unchecked")
            var next = (Map<String, Object>) table.get(key);
            table = next;
        }
        table.put(keys.getLast(), value == null ? "" : value);
    }
}
