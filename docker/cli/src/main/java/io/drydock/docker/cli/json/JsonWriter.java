package io.drydock.docker.cli.json;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes JSON without blanks, as Go's encoder does; sorted maps stay sorted, others keep their order. Here and in the
 * templates types are told apart by {@code instanceof}: the JDK makes a class at run time for each switch over types.
 */
public final class JsonWriter {
    private final StringBuilder out;
    private final boolean escapeHtml;

    /** With {@code escapeHtml}, the characters of markup are written as escapes, as Go does unless told otherwise. */
    public JsonWriter(StringBuilder out, boolean escapeHtml) {
        this.out = out;
        this.escapeHtml = escapeHtml;
    }

    public void write(@Nullable Object value) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Iterable<?> list) {
            array(list);
        } else if (value instanceof Double d && d == Math.rint(d) && Math.abs(d) < 1e15) {
            out.append(d.longValue());
        } else if (value instanceof Number || value instanceof Boolean) {
            out.append(value);
        } else {
            string(value.toString());
        }
    }

    private void object(Map<?, ?> map) {
        out.append('{');
        String separator = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(separator);
            string(entry.getKey().toString());
            out.append(':');
            write(entry.getValue());
            separator = ",";
        }
        out.append('}');
    }

    private void array(Iterable<?> list) {
        out.append('[');
        String separator = "";
        for (Object element : list) {
            out.append(separator);
            write(element);
            separator = ",";
        }
        out.append(']');
    }

    private void string(String s) {
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\b' -> out.append("\\b");
                case '\f' -> out.append("\\f");
                case '<', '>', '&' -> {
                    if (escapeHtml) {
                        unicode(c);
                    } else {
                        out.append(c);
                    }
                }
                default -> {
                    if (c < 0x20 || c == 0x2028 || c == 0x2029) {
                        unicode(c);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }

    private void unicode(char c) {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.append(Character.forDigit(c >> shift & 15, 16));
        }
    }

    /** A copy whose members are in the order of their names, as Go writes maps. */
    public static Map<String, Object> sorted(Map<String, Object> map) {
        return new TreeMap<>(map);
    }
}
