package io.drydock.registry.server;

import java.util.List;

/** The few documents that a registry writes itself. */
final class Json {
    private Json() {}

    /** @param detail JSON */
    static String error(String code, String message, String detail) {
        return "{\"errors\":[{\"code\":" + text(code) + ",\"message\":" + text(message) + ",\"detail\":" + detail
                + "}]}\n";
    }

    static String texts(List<String> values) {
        var json = new StringBuilder("[");
        for (var value : values) {
            append(json.append(json.length() == 1 ? "" : ","), value);
        }
        return json.append(']').toString();
    }

    static String text(String value) {
        return append(new StringBuilder(value.length() + 2), value).toString();
    }

    private static StringBuilder append(StringBuilder json, String value) {
        json.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"');
    }
}
