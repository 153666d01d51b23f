package io.drydock.docker.cli.template;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How Go prints values, and which it takes as true. */
final class Printing {
    private Printing() {}

    static String print(@Nullable Object value) {
        var out = new StringBuilder();
        print(out, value);
        return out.toString();
    }

    static void print(StringBuilder out, @Nullable Object value) {
        if (value == null) {
            out.append("<nil>");
        } else if (value instanceof Double d) {
            out.append(number(d));
        } else if (value instanceof Map<?, ?> map) {
            out.append("map[");
            String separator = "";
            for (Map.Entry<?, ?> entry : new TreeMap<Object, Object>(map).entrySet()) {
                out.append(separator).append(entry.getKey()).append(':');
                print(out, entry.getValue());
                separator = " ";
            }
            out.append(']');
        } else if (value instanceof List<?> list) {
            out.append('[');
            String separator = "";
            for (Object element : list) {
                out.append(separator);
                print(out, element);
                separator = " ";
            }
            out.append(']');
        } else if (value instanceof Fields fields) {
            print(out, fields.toMap());
        } else {
            out.append(value);
        }
    }

    /** Go's %v of a float64: the shortest digits that read back, an exponent below 1e-4 and from 1e21 on. */
    static String number(double d) {
        if (Double.isNaN(d)) {
            return "NaN";
        }
        if (Double.isInfinite(d)) {
            return d > 0 ? "+Inf" : "-Inf";
        }
        if (d == 0) {
            return "0";
        }
        var decimal = new java.math.BigDecimal(Double.toString(d)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= -4 && exponent < 21) {
            return decimal.toPlainString();
        }
        String mantissa = decimal.movePointLeft(exponent).toPlainString();
        return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    static boolean truth(@Nullable Object value) {
        if (value instanceof Boolean b) {
            return b;
        }
        if (value instanceof String s) {
            return !s.isEmpty();
        }
        if (value instanceof Number n) {
            return n.doubleValue() != 0;
        }
        if (value instanceof List<?> l) {
            return !l.isEmpty();
        }
        if (value instanceof Map<?, ?> m) {
            return !m.isEmpty();
        }
        return value != null && value != Renderer.NO_VALUE;
    }

    static String typeName(Object value) {
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof Long) {
            return "int";
        }
        if (value instanceof Double) {
            return "float64";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        return value instanceof List<?> ? "[]interface {}" : "interface {}";
    }
}
