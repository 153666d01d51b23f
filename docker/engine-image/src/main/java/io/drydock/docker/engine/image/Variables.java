package io.drydock.docker.engine.image;

import io.drydock.spec.engine.EngineException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Replaces variables in a Dockerfile's words. A backslash keeps a dollar sign what it is. */
final class Variables {
    private final Function<String, @Nullable String> values;

    /** @param values by name; null for one that is not set */
    Variables(Function<String, @Nullable String> values) {
        this.values = values;
    }

    String expand(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && text.charAt(i + 1) == '$') {
                out.append('$');
                i++;
            } else if (c != '$' || i + 1 == text.length()) {
                out.append(c);
            } else if (text.charAt(i + 1) == '{') {
                int end = text.indexOf('}', i);
                if (end < 0) {
                    throw EngineException.invalid("failed to process \"" + text + "\": syntax error: missing '}'");
                }
                out.append(braced(text.substring(i + 2, end)));
                i = end;
            } else {
                int end = i + 1;
                while (end < text.length()
                        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
                    end++;
                }
                out.append(end == i + 1 ? "$" : value(text.substring(i + 1, end)));
                i = end - 1;
            }
        }
        return out.toString();
    }

    private String braced(String inside) {
        int colon = inside.indexOf(':');
        if (colon < 0 || colon + 1 == inside.length()) {
            return value(inside);
        }
        String value = value(inside.substring(0, colon));
        String word = inside.substring(colon + 2);
        return switch (inside.charAt(colon + 1)) {
            case '-' -> value.isEmpty() ? expand(word) : value;
            case '+' -> value.isEmpty() ? "" : expand(word);
            default ->
                throw EngineException.invalid("failed to process \"${" + inside + "}\": unsupported modifier ("
                        + inside.charAt(colon + 1) + ") in substitution");
        };
    }

    private String value(String name) {
        String value = values.apply(name);
        return value == null ? "" : value;
    }
}
