package io.drydock.docker.cli.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recursive descent over a text. */
final class JsonReader {
    private final String text;
    private int at;

    JsonReader(String text) {
        this.text = text;
    }

    @Nullable
    Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    void end() {
        while (at < text.length()) {
            if (text.charAt(at) > ' ') {
                throw bad();
            }
            at++;
        }
    }

    private Map<String, @Nullable Object> object() {
        var map = new LinkedHashMap<String, @Nullable Object>();
        at++;
        if (peek() == '}') {
            at++;
            return map;
        }
        while (true) {
            if (peek() != '"') {
                throw bad();
            }
            String name = string();
            if (peek() != ':') {
                throw bad();
            }
            at++;
            map.put(name, value());
            char c = peek();
            at++;
            if (c == '}') {
                return map;
            }
            if (c != ',') {
                throw bad();
            }
        }
    }

    private Object array() {
        var list = new ArrayList<@Nullable Object>();
        at++;
        if (peek() == ']') {
            at++;
            return list;
        }
        while (true) {
            list.add(value());
            char c = peek();
            at++;
            if (c == ']') {
                return list;
            }
            if (c != ',') {
                throw bad();
            }
        }
    }

    private String string() {
        int start = ++at;
        int plain = start;
        while (plain < text.length() && text.charAt(plain) != '"' && text.charAt(plain) != '\\') {
            plain++;
        }
        if (plain < text.length() && text.charAt(plain) == '"') {
            at = plain + 1;
            return text.substring(start, plain);
        }
        var out = new StringBuilder(text.substring(start, plain));
        at = plain;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                return out.toString();
            }
            out.append(c == '\\' ? escape() : c);
        }
        throw bad();
    }

    private char escape() {
        if (at >= text.length()) {
            throw bad();
        }
        char c = text.charAt(at++);
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case 'f' -> '\f';
            case '"', '\\', '/' -> c;
            case 'u' -> {
                if (at + 4 > text.length()) {
                    throw bad();
                }
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(text.charAt(at++), 16);
                    if (digit < 0) {
                        throw bad();
                    }
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw bad();
        };
    }

    private Object number() {
        int start = at;
        boolean whole = true;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
            whole &= text.charAt(at) == '-' || Character.isDigit(text.charAt(at));
            at++;
        }
        String digits = text.substring(start, at);
        try {
            if (whole && digits.length() < 19) {
                return Long.valueOf(digits);
            }
            if (whole) {
                var big = new java.math.BigInteger(digits);
                return big.bitLength() < 64 ? big.longValue() : (Object) big;
            }
            return Double.valueOf(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "invalid character '" + text.charAt(start) + "' looking for beginning of value", e);
        }
    }

    private @Nullable Object word(String word, @Nullable Object value) {
        if (!text.startsWith(word, at)) {
            throw bad();
        }
        at += word.length();
        return value;
    }

    private char peek() {
        while (at < text.length() && text.charAt(at) <= ' ') {
            at++;
        }
        if (at == text.length()) {
            throw new IllegalArgumentException("unexpected end of JSON input");
        }
        return text.charAt(at);
    }

    private IllegalArgumentException bad() {
        return new IllegalArgumentException(
                at < text.length()
                        ? "invalid character '" + text.charAt(at) + "' in JSON at offset " + at
                        : "unexpected end of JSON input");
    }
}
