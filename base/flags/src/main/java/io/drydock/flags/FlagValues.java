package io.drydock.flags;

/** Reads the arguments of typed flags, with the error words of Go's {@code strconv}, {@code time} and go-units. */
public final class FlagValues {
    private FlagValues() {}

    static void check(String type, String s) throws FlagException {
        switch (type) {
            case "bool" -> bool(s);
            case "int" -> integer(s);
            case "uint" -> unsigned(s, Long.MAX_VALUE);
            case "uint16" -> unsigned(s, 65535);
            case "duration" -> duration(s);
            case "bytes" -> bytes(s);
            case "decimal" -> billionths(s);
            case "filter" -> {
                if (s.indexOf('=') < 0) {
                    throw new FlagException("bad format of filter (expected name=value)");
                }
            }
            default -> {}
        }
    }

    /** {@code 1 t T TRUE true True} and their opposites. */
    public static boolean bool(String s) throws FlagException {
        return switch (s) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default -> throw new FlagException("strconv.ParseBool: parsing " + quote(s) + ": invalid syntax");
        };
    }

    /** A whole number in Go's notation: decimal, {@code 0x}, {@code 0o} or a leading zero, {@code 0b}. */
    public static long integer(String s) throws FlagException {
        String digits = s.startsWith("-") || s.startsWith("+") ? s.substring(1) : s;
        return (s.startsWith("-") ? -1 : 1) * magnitude("ParseInt", s, digits);
    }

    private static long unsigned(String s, long max) throws FlagException {
        long n = magnitude("ParseUint", s, s);
        if (n > max) {
            throw new FlagException("strconv.ParseUint: parsing " + quote(s) + ": value out of range");
        }
        return n;
    }

    private static long magnitude(String function, String all, String digits) throws FlagException {
        int radix = 10;
        String d = digits;
        if (d.length() > 1 && d.charAt(0) == '0') {
            radix = switch (d.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'b', 'B' -> 2;
                default -> 8;
            };
            d = d.substring(radix == 8 && Character.isDigit(d.charAt(1)) ? 1 : 2);
        }
        if (d.isEmpty()) {
            throw new FlagException("strconv." + function + ": parsing " + quote(all) + ": invalid syntax");
        }
        for (int i = 0; i < d.length(); i++) {
            if (Character.digit(d.charAt(i), radix) < 0) {
                throw new FlagException("strconv." + function + ": parsing " + quote(all) + ": invalid syntax");
            }
        }
        try {
            return Long.parseLong(d, radix);
        } catch (NumberFormatException e) {
            throw new FlagException("strconv." + function + ": parsing " + quote(all) + ": value out of range");
        }
    }

    /** A duration such as {@code 1h2m3.5s}, in nanoseconds. */
    public static long duration(String text) throws FlagException {
        String s = text;
        boolean negative = s.startsWith("-");
        if (negative || s.startsWith("+")) {
            s = s.substring(1);
        }
        if (s.equals("0")) {
            return 0;
        }
        if (s.isEmpty()) {
            throw new FlagException("time: invalid duration " + quote(text));
        }
        double total = 0;
        int i = 0;
        while (i < s.length()) {
            int start = i;
            while (i < s.length() && (Character.isDigit(s.charAt(i)) || s.charAt(i) == '.')) {
                i++;
            }
            String number = s.substring(start, i);
            int unitStart = i;
            while (i < s.length() && !Character.isDigit(s.charAt(i)) && s.charAt(i) != '.') {
                i++;
            }
            String unit = s.substring(unitStart, i);
            if (number.isEmpty() || number.equals(".") || number.indexOf('.') != number.lastIndexOf('.')) {
                throw new FlagException("time: invalid duration " + quote(text));
            }
            if (unit.isEmpty()) {
                throw new FlagException("time: missing unit in duration " + quote(text));
            }
            double scale =
                    switch (unit) {
                        case "ns" -> 1;
                        case "us", "µs", "μs" -> 1e3;
                        case "ms" -> 1e6;
                        case "s" -> 1e9;
                        case "m" -> 60e9;
                        case "h" -> 3600e9;
                        default ->
                            throw new FlagException(
                                    "time: unknown unit " + quote(unit) + " in duration " + quote(text));
                    };
            total += Double.parseDouble(number) * scale;
        }
        return (negative ? -1 : 1) * Math.round(total);
    }

    /** A size such as {@code 64m} or {@code 1.5GiB} in bytes, by powers of 1024; -1 is let through. */
    public static long bytes(String s) throws FlagException {
        if (s.equals("-1")) {
            return -1;
        }
        int end = s.length();
        while (end > 0 && !Character.isDigit(s.charAt(end - 1)) && s.charAt(end - 1) != '.') {
            end--;
        }
        String unit = s.substring(end).strip().toLowerCase();
        int power =
                switch (unit) {
                    case "", "b" -> 0;
                    case "k", "kb", "kib" -> 1;
                    case "m", "mb", "mib" -> 2;
                    case "g", "gb", "gib" -> 3;
                    case "t", "tb", "tib" -> 4;
                    case "p", "pb", "pib" -> 5;
                    default -> -1;
                };
        if (end == 0) {
            throw new FlagException("invalid size: '" + s + "'");
        }
        double number;
        try {
            number = Double.parseDouble(s.substring(0, end));
        } catch (NumberFormatException e) {
            throw new FlagException("invalid size: '" + s + "'");
        }
        if (power < 0) {
            throw new FlagException("invalid suffix: '" + unit + "'");
        }
        if (number < 0) {
            throw new FlagException("invalid size: '" + s + "'");
        }
        return (long) (number * (1L << (10 * power)));
    }

    /** A decimal number such as {@code 1.5}, in billionths. */
    public static long billionths(String s) throws FlagException {
        try {
            var value = new java.math.BigDecimal(s).movePointRight(9).stripTrailingZeros();
            if (value.scale() > 0) {
                throw new FlagException("value is too precise");
            }
            return value.longValueExact();
        } catch (NumberFormatException e) {
            throw new FlagException("failed to parse " + s + " as a rational number");
        } catch (ArithmeticException e) {
            throw new FlagException("value is too precise");
        }
    }

    /** The text in double quotes with Go's escapes. */
    public static String quote(String s) {
        var b = new StringBuilder(s.length() + 2).append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> b.append("\\\"");
                case '\\' -> b.append("\\\\");
                case '\n' -> b.append("\\n");
                case '\t' -> b.append("\\t");
                case '\r' -> b.append("\\r");
                default -> {
                    if (c < 0x20 || c == 0x7f) {
                        b.append("\\x").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
                    } else {
                        b.append(c);
                    }
                }
            }
        }
        return b.append('"').toString();
    }
}
