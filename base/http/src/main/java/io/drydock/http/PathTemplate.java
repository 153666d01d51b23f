package io.drydock.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A path with holes, matched by backtracking over at most a few of them. */
record PathTemplate(List<Part> parts) {

    sealed interface Part {
        record Literal(String text) implements Part {}

        record Segment(String name) implements Part {}

        record Anything(String name) implements Part {}
    }

    static PathTemplate parse(String template) {
        List<Part> parts = new ArrayList<>();
        int position = 0;
        while (position < template.length()) {
            int open = template.indexOf('{', position);
            if (open < 0) {
                parts.add(new Part.Literal(template.substring(position)));
                break;
            }
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("path template without closing brace: " + template);
            }
            if (open > position) {
                parts.add(new Part.Literal(template.substring(position, open)));
            }
            String hole = template.substring(open + 1, close);
            boolean anything = hole.endsWith(":.*");
            parts.add(anything ? new Part.Anything(hole.substring(0, hole.length() - 3)) : new Part.Segment(hole));
            position = close + 1;
        }
        return new PathTemplate(List.copyOf(parts));
    }

    /** The raw values of the holes, or null if the path does not fit. */
    @Nullable
    Map<String, String> match(String path) {
        Map<String, String> found = new HashMap<>(4);
        return match(path, 0, 0, found) ? found : null;
    }

    private boolean match(String path, int position, int index, Map<String, String> found) {
        if (index == parts.size()) {
            return position == path.length();
        }
        return switch (parts.get(index)) {
            case Part.Literal literal ->
                path.startsWith(literal.text(), position)
                        && match(path, position + literal.text().length(), index + 1, found);
            case Part.Segment segment -> {
                int slash = path.indexOf('/', position);
                int end = slash < 0 ? path.length() : slash;
                yield fill(path, position, end, position + 1, segment.name(), index, found);
            }
            case Part.Anything anything -> fill(path, position, path.length(), position, anything.name(), index, found);
        };
    }

    /** Tries the ends from {@code longest} down to {@code shortest}. */
    private boolean fill(
            String path, int start, int longest, int shortest, String name, int index, Map<String, String> found) {
        for (int end = longest; end >= shortest; end--) {
            if (match(path, end, index + 1, found)) {
                found.put(name, path.substring(start, end));
                return true;
            }
        }
        return false;
    }
}
