package io.drydock.docker.cli.json;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * JSON as plain objects: {@code Map<String, Object>} in the order of the text, {@code List<Object>}, {@code String},
 * {@code Long} or {@code Double}, {@code Boolean}, null.
 */
public final class Json {
    private Json() {}

    /**
     * Reads one value.
     *
     * @throws IllegalArgumentException if the text is no JSON
     */
    public static @Nullable Object parse(String text) {
        var reader = new JsonReader(text);
        Object value = reader.value();
        reader.end();
        return value;
    }

    public static String write(@Nullable Object value) {
        var out = new StringBuilder();
        new JsonWriter(out, true).write(value);
        return out.toString();
    }

    /** The object, or an empty map if it is none. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> map(@Nullable Object value) {
        return value instanceof Map<?, ?> m ? (Map<String, Object>) m : Map.of();
    }

    /** The array, or an empty list if it is none. */
    @SuppressWarnings("unchecked")
    public static List<Object> list(@Nullable Object value) {
        return value instanceof List<?> l ? (List<Object>) l : List.of();
    }

    /** The member of an object, or null. */
    public static @Nullable Object at(@Nullable Object value, String... path) {
        Object here = value;
        for (String name : path) {
            here = map(here).get(name);
        }
        return here;
    }

    /** The text at a path, or empty if there is none. */
    public static String text(@Nullable Object value, String... path) {
        Object found = at(value, path);
        return found == null ? "" : found.toString();
    }

    /** The number at a path, or 0. */
    public static long number(@Nullable Object value, String... path) {
        return at(value, path) instanceof Number n ? n.longValue() : 0;
    }

    public static boolean bool(@Nullable Object value, String... path) {
        return Boolean.TRUE.equals(at(value, path));
    }

    /** Lays a JSON text out with four blanks for each level, members in their order, strings and numbers untouched. */
    public static String indent(String json, String prefix, String step) {
        var out = new StringBuilder(json.length() * 2);
        int depth = 0;
        boolean inString = false;
        char last = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (inString) {
                out.append(c);
                if (c == '\\') {
                    out.append(json.charAt(++i));
                } else if (c == '"') {
                    inString = false;
                }
                continue;
            }
            if (c <= ' ') {
                continue;
            }
            if ((last == '{' || last == '[') && c != '}' && c != ']') {
                out.append('\n').append(prefix).repeat(step, ++depth);
            }
            switch (c) {
                case '"' -> {
                    inString = true;
                    out.append(c);
                }
                case ',' -> out.append(c).append('\n').append(prefix).repeat(step, depth);
                case ':' -> out.append(": ");
                case '}', ']' -> {
                    if (last != '{' && last != '[') {
                        out.append('\n').append(prefix).repeat(step, --depth);
                    }
                    out.append(c);
                }
                default -> out.append(c);
            }
            last = c;
        }
        return out.toString();
    }
}
