package io.drydock.docker.cli.template;

/** Reads Go's literals. */
final class Literals {
    private Literals() {}

    static Object number(String text) {
        String t = text.replace("_", "");
        boolean negative = t.startsWith("-");
        String digits = negative || t.startsWith("+") ? t.substring(1) : t;
        if (digits.length() > 1 && digits.charAt(0) == '0' && Character.isLetter(digits.charAt(1))) {
            int radix =
                    switch (digits.charAt(1)) {
                        case 'x', 'X' -> 16;
                        case 'o', 'O' -> 8;
                        case 'b', 'B' -> 2;
                        default -> 0;
                    };
            if (radix > 0) {
                long n = Long.parseLong(digits.substring(2), radix);
                return negative ? -n : n;
            }
        }
        for (int i = 0; i < digits.length(); i++) {
            if (!Character.isDigit(digits.charAt(i))) {
                char last = digits.charAt(digits.length() - 1);
                if (!Character.isDigit(last) && last != '.') {
                    throw new NumberFormatException();
                }
                return Double.valueOf(t);
            }
        }
        return Long.valueOf(negative ? "-" + digits : digits);
    }

    /** The inside of a text in double quotes, single quotes or backquotes. */
    static String unquote(String quoted) {
        String inside = quoted.substring(1, quoted.length() - 1);
        if (quoted.charAt(0) == '`' || inside.indexOf('\\') < 0) {
            return inside;
        }
        var out = new StringBuilder();
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char e = inside.charAt(++i);
            switch (e) {
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case 'r' -> out.append('\r');
                case 'a' -> out.append('\007');
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'v' -> out.append('\013');
                case 'x' -> i = code(out, inside, i + 1, 2, 16);
                case 'u' -> i = code(out, inside, i + 1, 4, 16);
                case 'U' -> i = code(out, inside, i + 1, 8, 16);
                case '0', '1', '2', '3', '4', '5', '6', '7' -> i = code(out, inside, i, 3, 8);
                default -> out.append(e);
            }
        }
        return out.toString();
    }

    private static int code(StringBuilder out, String text, int from, int digits, int radix) {
        out.appendCodePoint(Integer.parseInt(text.substring(from, from + digits), radix));
        return from + digits - 1;
    }
}
