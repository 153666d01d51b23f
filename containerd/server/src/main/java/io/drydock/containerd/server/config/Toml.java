package io.drydock.containerd.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads TOML 1.0: tables, arrays of tables, dotted and quoted keys, strings of all four kinds, numbers, booleans, arrays,
 * inline tables. Dates stay texts, since no configuration of ours has them. Written here because the two files
 * we read (config.toml, hosts.toml) need two hundred lines, and the libraries for it are reflective and slow to start.
 */
public final class Toml {
    private final String text;
    private int at;

    private Toml(String text) {
        this.text = text;
    }

    /**
     * The document as nested maps, lists, strings, longs, doubles and booleans, in its order.
     *
     * @throws IllegalArgumentException with the line's number when it is malformed
     */
    public static Map<String, Object> parse(String text) {
        return new Toml(text).document();
    }

    /** A table inside a document, empty if it is absent. */
    public static Map<String, Object> table(Map<String, Object> document, String name) {
        var found = document.get(name);
        if (found == null) {
            return Map.of();
        }
        if (!(found instanceof Map<?, ?>)) {
            throw new IllegalArgumentException("\"" + name + "\" is not a table");
        }
        return cast(found);
    }

    /** A text, or another one if it is absent. */
    public static String text(Map<String, Object> table, String name, String otherwise) {
        return switch (table.get(name)) {
            case null -> otherwise;
            case String value -> value;
            case Object other -> throw new IllegalArgumentException("\"" + name + "\" is not a text: " + other);
        };
    }

    /** Yes or no, or another value if it is absent. */
    public static boolean flag(Map<String, Object> table, String name, boolean otherwise) {
        return switch (table.get(name)) {
            case null -> otherwise;
            case Boolean value -> value;
            case Object other -> throw new IllegalArgumentException("\"" + name + "\" is not a boolean: " + other);
        };
    }

    /** A whole number, or another one if it is absent. */
    public static long number(Map<String, Object> table, String name, long otherwise) {
        return switch (table.get(name)) {
            case null -> otherwise;
            case Long value -> value;
            case Object other -> throw new IllegalArgumentException("\"" + name + "\" is not a number: " + other);
        };
    }

    /** A list of texts, none if it is absent. */
    public static List<String> texts(Map<String, Object> table, String name) {
        return switch (table.get(name)) {
            case null -> List.of();
            case List<?> values
            when values.stream().allMatch(String.class::isInstance) ->
                values.stream().map(String.class::cast).toList();
            case Object other ->
                throw new IllegalArgumentException("\"" + name + "\" is not a list of texts: " + other);
        };
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object table) {
        return (Map<String, Object>) table;
    }

    private Map<String, Object> document() {
        var root = new LinkedHashMap<String, Object>();
        Map<String, Object> current = root;
        for (skipBlank(); at < text.length(); skipBlank()) {
            if (text.charAt(at) == '[') {
                current = header(root);
            } else {
                entry(current);
            }
            endOfLine();
        }
        return root;
    }

    private Map<String, Object> header(Map<String, Object> root) {
        at++;
        boolean array = peek() == '[';
        if (array) {
            at++;
        }
        var path = key();
        expect(']');
        if (array) {
            expect(']');
        }
        var parent = descend(root, path.subList(0, path.size() - 1));
        if (!array) {
            return descend(parent, path.subList(path.size() - 1, path.size()));
        }
        var element = new LinkedHashMap<String, Object>();
        if (!(parent.computeIfAbsent(path.getLast(), name -> new ArrayList<>()) instanceof List<?> list)) {
            throw error("\"" + path.getLast() + "\" is not an array of tables");
        }
        @SuppressWarnings("unchecked")
        var elements = (List<Object>) list;
        elements.add(element);
        return element;
    }

    private Map<String, Object> descend(Map<String, Object> from, List<String> path) {
        var table = from;
        for (var name : path) {
            var next = table.computeIfAbsent(name, absent -> new LinkedHashMap<String, Object>());
            if (next instanceof List<?> list && !list.isEmpty()) {
                next = list.getLast();
            }
            if (!(next instanceof Map<?, ?>)) {
                throw error("\"" + name + "\" is not a table");
            }
            table = cast(next);
        }
        return table;
    }

    private void entry(Map<String, Object> table) {
        var path = key();
        expect('=');
        skipSpaces();
        var value = value();
        var into = descend(table, path.subList(0, path.size() - 1));
        if (into.put(path.getLast(), value) != null) {
            throw error("\"" + path.getLast() + "\" is given twice");
        }
    }

    private List<String> key() {
        var path = new ArrayList<String>();
        do {
            if (!path.isEmpty()) {
                at++;
            }
            skipSpaces();
            path.add(peek() == '"' ? basic() : peek() == '\'' ? literal() : bare());
            skipSpaces();
        } while (peek() == '.');
        return path;
    }

    private String bare() {
        int begin = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "_-".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == begin) {
            throw error("expected a key");
        }
        return text.substring(begin, at);
    }

    private Object value() {
        return switch (peek()) {
            case '"' -> text.startsWith("\"\"\"", at) ? multiline('"') : basic();
            case '\'' -> text.startsWith("'''", at) ? multiline('\'') : literal();
            case '[' -> array();
            case '{' -> inlineTable();
            default -> scalar();
        };
    }

    private Object scalar() {
        int begin = at;
        while (at < text.length() && ",]}#\n\r \t".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        var word = text.substring(begin, at);
        if (word.isEmpty()) {
            throw error("expected a value");
        }
        if (word.equals("true") || word.equals("false")) {
            return word.equals("true");
        }
        var digits = word.replace("_", "");
        try {
            return digits.startsWith("0x") || digits.startsWith("0o")
                    ? Long.parseLong(digits.substring(2), digits.charAt(1) == 'x' ? 16 : 8)
                    : Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return fraction(word, digits);
        }
    }

    private Object fraction(String word, String digits) {
        if (digits.matches("[-+]?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
            return Double.parseDouble(digits);
        }
        if (Character.isDigit(word.charAt(0))) {
            return word; // a date
        }
        throw error("invalid value \"" + word + "\"");
    }

    private List<Object> array() {
        at++;
        var values = new ArrayList<>();
        for (skipBlank(); peek() != ']'; skipBlank()) {
            values.add(value());
            skipBlank();
            if (peek() == ',') {
                at++;
            } else if (peek() != ']') {
                throw error("expected a comma or ]");
            }
        }
        at++;
        return values;
    }

    private Map<String, Object> inlineTable() {
        at++;
        var table = new LinkedHashMap<String, Object>();
        for (skipSpaces(); peek() != '}'; skipSpaces()) {
            entry(table);
            skipSpaces();
            if (peek() == ',') {
                at++;
            } else if (peek() != '}') {
                throw error("expected a comma or }");
            }
        }
        at++;
        return table;
    }

    private String literal() {
        int end = text.indexOf('\'', at + 1);
        if (end < 0 || text.substring(at, end).contains("\n")) {
            throw error("a quote is not closed");
        }
        var value = text.substring(at + 1, end);
        at = end + 1;
        return value;
    }

    private String multiline(char quote) {
        var mark = String.valueOf(quote).repeat(3);
        int end = text.indexOf(mark, at + 3);
        if (end < 0) {
            throw error("a quote is not closed");
        }
        int begin = at + 3;
        if (text.startsWith("\n", begin)) {
            begin++;
        }
        var value = text.substring(begin, end);
        at = end + 3;
        return value;
    }

    private String basic() {
        var value = new StringBuilder();
        at++;
        while (peek() != '"') {
            char c = peek();
            at++;
            if (c == '\n') {
                throw error("a quote is not closed");
            }
            value.append(c == '\\' ? escape() : String.valueOf(c));
        }
        at++;
        return value.toString();
    }

    private String escape() {
        char c = peek();
        at++;
        return switch (c) {
            case 'n' -> "\n";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'b' -> "\b";
            case 'f' -> "\f";
            case '"', '\\' -> String.valueOf(c);
            case 'u', 'U' -> {
                int length = c == 'u' ? 4 : 8;
                if (at + length > text.length()) {
                    throw error("invalid escape");
                }
                at += length;
                try {
                    yield Character.toString(Integer.parseInt(text.substring(at - length, at), 16));
                } catch (IllegalArgumentException e) {
                    throw error("invalid escape");
                }
            }
            default -> throw error("invalid escape \\" + c);
        };
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\n';
    }

    private void expect(char c) {
        skipSpaces();
        if (at >= text.length() || text.charAt(at) != c) {
            throw error("expected " + c);
        }
        at++;
    }

    private void skipSpaces() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    /** Skips white space, line ends and comments; the end of the text is an error for those who still want something. */
    private void skipBlank() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '#') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
                at++;
            } else {
                return;
            }
        }
    }

    private void endOfLine() {
        skipSpaces();
        char c = peek();
        if (c != '\n' && c != '\r' && c != '#') {
            throw error("expected the end of the line");
        }
    }

    private IllegalArgumentException error(String why) {
        long line = text.substring(0, Math.min(at, text.length())).lines().count();
        return new IllegalArgumentException("toml: line " + Math.max(line, 1) + ": " + why);
    }
}
