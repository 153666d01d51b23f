package io.drydock.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The decoded query of a request target: names with one or more values, in order. */
public final class QueryParameters {
    private final Map<String, List<String>> values;

    private QueryParameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Parses {@code a=1&b&a=2}; a name without {@code =} has the empty value.
     *
     * @throws HttpException 400 for a broken percent escape
     */
    public static QueryParameters parse(String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int start = 0;
        while (start < query.length()) {
            int end = query.indexOf('&', start);
            end = end < 0 ? query.length() : end;
            if (end > start) {
                String pair = query.substring(start, end);
                int equals = pair.indexOf('=');
                String name = PercentCoding.decode(equals < 0 ? pair : pair.substring(0, equals), true);
                String value = equals < 0 ? "" : PercentCoding.decode(pair.substring(equals + 1), true);
                values.computeIfAbsent(name, key -> new ArrayList<>(1)).add(value);
            }
            start = end + 1;
        }
        return new QueryParameters(values);
    }

    /** The first value, or null when the name is absent. */
    public @Nullable String get(String name) {
        List<String> found = values.get(name);
        return found == null ? null : found.getFirst();
    }

    /** The first value, or {@code otherwise} when the name is absent. */
    public String get(String name, String otherwise) {
        String found = get(name);
        return found == null ? otherwise : found;
    }

    /** All values of a name; empty when it is absent. */
    public List<String> all(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    /** Whether the name is there, with a value or without. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The names, in order of first appearance. */
    public Set<String> names() {
        return Set.copyOf(values.keySet());
    }
}
