package io.drydock.docker.cli.template;

import io.drydock.flags.FlagValues;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Go's {@code fmt.Sprintf} for the values templates have. */
final class Printf {
    private final String format;
    private final List<@Nullable Object> arguments;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int argument;
    private boolean minus;
    private boolean plus;
    private boolean sharp;
    private boolean zero;
    private boolean space;
    private int width;
    private int precision;

    private Printf(String format, List<@Nullable Object> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, List<@Nullable Object> arguments) {
        return new Printf(format, arguments).run();
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
            } else {
                verb();
            }
        }
        if (argument < arguments.size()) {
            out.append("%!(EXTRA ");
            for (int i = argument; i < arguments.size(); i++) {
                Object value = arguments.get(i);
                out.append(i > argument ? ", " : "").append(value == null ? "<nil>" : Printing.typeName(value) + "=");
                if (value != null) {
                    Printing.print(out, value);
                }
            }
            out.append(')');
        }
        return out.toString();
    }

    private void verb() {
        minus = plus = sharp = zero = space = false;
        for (; at < format.length() && "-+# 0".indexOf(format.charAt(at)) >= 0; at++) {
            switch (format.charAt(at)) {
                case '-' -> minus = true;
                case '+' -> plus = true;
                case '#' -> sharp = true;
                case ' ' -> space = true;
                default -> zero = true;
            }
        }
        width = number();
        precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = Math.max(number(), 0);
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        char verb = format.charAt(at++);
        if (verb == '%') {
            out.append('%');
            return;
        }
        if (argument >= arguments.size()) {
            out.append("%!").append(verb).append("(MISSING)");
            return;
        }
        one(verb, arguments.get(argument++));
    }

    private int number() {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            return argument < arguments.size() && arguments.get(argument++) instanceof Number n ? n.intValue() : -1;
        }
        int n = -1;
        for (; at < format.length() && Character.isDigit(format.charAt(at)); at++) {
            n = Math.max(n, 0) * 10 + format.charAt(at) - '0';
        }
        return n;
    }

    private void one(char verb, @Nullable Object value) {
        switch (verb) {
            case 'v' -> pad(sharp ? goSyntax(value) : sign(value, cut(Printing.print(value), value)), value);
            case 's' -> {
                if (value instanceof Number || value instanceof Boolean || value == null) {
                    bad(verb, value);
                } else {
                    pad(cut(Printing.print(value), value), null);
                }
            }
            case 'q' ->
                pad(
                        value instanceof Long n
                                ? "'" + Character.toString(n.intValue()) + "'"
                                : FlagValues.quote(cut(Printing.print(value), value)),
                        null);
            case 'd' -> whole(verb, value, 10);
            case 'b' -> whole(verb, value, 2);
            case 'o' -> whole(verb, value, 8);
            case 'x', 'X' -> hexadecimal(verb, value);
            case 'c' -> pad(value instanceof Long n ? Character.toString(n.intValue()) : "%!c(?)", null);
            case 't' -> {
                if (value instanceof Boolean) {
                    pad(value.toString(), null);
                } else {
                    bad(verb, value);
                }
            }
            case 'T' -> pad(value == null ? "<nil>" : Printing.typeName(value), null);
            case 'f', 'F', 'e', 'E', 'g', 'G' -> real(verb, value);
            default -> bad(verb, value);
        }
    }

    private static String goSyntax(@Nullable Object value) {
        return value instanceof String s ? FlagValues.quote(s) : Printing.print(value);
    }

    private String cut(String text, @Nullable Object value) {
        return precision >= 0 && value instanceof String && precision < text.length()
                ? text.substring(0, precision)
                : text;
    }

    private String sign(@Nullable Object value, String text) {
        if (value instanceof Number && !text.startsWith("-")) {
            return plus ? "+" + text : space ? " " + text : text;
        }
        return text;
    }

    private void whole(char verb, @Nullable Object value, int radix) {
        if (value instanceof Long n) {
            pad(sign(n, Long.toString(n, radix)), n);
        } else {
            bad(verb, value);
        }
    }

    private void hexadecimal(char verb, @Nullable Object value) {
        String text;
        if (value instanceof Long n) {
            text = (sharp ? "0x" : "") + Long.toString(n, 16);
        } else if (value instanceof String s) {
            var hex = new StringBuilder();
            for (byte b : s.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
            }
            text = hex.toString();
        } else {
            bad(verb, value);
            return;
        }
        pad(verb == 'X' ? text.toUpperCase() : text, value);
    }

    private void real(char verb, @Nullable Object value) {
        if (!(value instanceof Double d)) {
            bad(verb, value);
            return;
        }
        String text =
                switch (verb) {
                    case 'f', 'F' ->
                        new BigDecimal(d)
                                .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                                .toPlainString();
                    case 'g', 'G' -> precision < 0 ? Printing.number(d) : Significant.digits(d, Math.max(precision, 1));
                    default -> scientific(d);
                };
        pad(sign(d, text), d);
    }

    private String scientific(double d) {
        int digits = precision < 0 ? 6 : precision;
        if (d == 0) {
            return "0." + "0".repeat(digits) + "e+00";
        }
        var rounded = new BigDecimal(d).round(new java.math.MathContext(digits + 1, RoundingMode.HALF_EVEN));
        int exponent = rounded.precision() - rounded.scale() - 1;
        String mantissa = rounded.movePointLeft(exponent)
                .setScale(digits, RoundingMode.HALF_EVEN)
                .toPlainString();
        return mantissa + (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private void bad(char verb, @Nullable Object value) {
        out.append("%!").append(verb).append('(');
        if (value == null) {
            out.append("<nil>)");
        } else {
            out.append(Printing.typeName(value))
                    .append('=')
                    .append(Printing.print(value))
                    .append(')');
        }
    }

    private void pad(String text, @Nullable Object number) {
        int blanks = width - text.codePointCount(0, text.length());
        if (blanks <= 0) {
            out.append(text);
        } else if (minus) {
            out.append(text).repeat(' ', blanks);
        } else if (zero && number instanceof Number && text.startsWith("-")) {
            out.append('-').repeat('0', blanks).append(text, 1, text.length());
        } else {
            out.repeat(zero ? '0' : ' ', blanks).append(text);
        }
    }
}
