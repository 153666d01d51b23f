package io.drydock.spec.engine;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The {@code filters} of a listing: values by name. Values of one name are alternatives, names add up.
 *
 * @param values by name, in the order they were given
 */
public record Filters(Map<String, List<String>> values) {
    /** No filter. */
    public static final Filters NONE = new Filters(Map.of());

    /** Copies the map. */
    public Filters {
        var copy = new LinkedHashMap<String, List<String>>();
        values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
        values = copy;
    }

    /** The values of a name; empty if it is not there. */
    public List<String> of(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Whether there is a value of that name. */
    public boolean has(String name) {
        return !of(name).isEmpty();
    }

    /** Whether a text passes: there is no filter of that name, or one of its values is the text. */
    public boolean exact(String name, String text) {
        return !has(name) || of(name).contains(text);
    }

    /** Whether labels pass all {@code label=key} and {@code label=key=value} filters of that name. */
    public boolean labels(String name, Map<String, String> labels) {
        for (String wanted : of(name)) {
            int equals = wanted.indexOf('=');
            String key = equals < 0 ? wanted : wanted.substring(0, equals);
            String value = labels.get(key);
            if (value == null || equals >= 0 && !value.equals(wanted.substring(equals + 1))) {
                return false;
            }
        }
        return true;
    }

    /**
     * A yes or no.
     *
     * @param otherwise if the filter is not there
     * @throws EngineException INVALID if it is neither
     */
    public boolean bool(String name, boolean otherwise) {
        if (!has(name)) {
            return otherwise;
        }
        return switch (of(name).getFirst()) {
            case "1", "true", "True", "TRUE", "t", "T" -> true;
            case "0", "false", "False", "FALSE", "f", "F" -> false;
            default -> throw EngineException.invalid("invalid filter '" + name + "=" + of(name) + "'");
        };
    }

    /**
     * A point in time: seconds since 1970, RFC 3339, or how long ago ({@code 1h30m}). Null if the filter is not there.
     *
     * @throws EngineException INVALID if it is none of these
     */
    public @Nullable Instant time(String name) {
        if (!has(name)) {
            return null;
        }
        String text = of(name).getFirst();
        try {
            if (text.matches("[0-9]+(\\.[0-9]+)?")) {
                var seconds = new BigDecimal(text);
                return Instant.ofEpochSecond(
                        seconds.longValue(),
                        seconds.remainder(BigDecimal.ONE).movePointRight(9).longValue());
            }
            return text.indexOf('T') > 0
                    ? OffsetDateTime.parse(text).toInstant()
                    : Instant.now().minus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
        } catch (DateTimeException | ArithmeticException e) {
            throw EngineException.invalid("failed to parse value as time or duration: \"" + text + "\"");
        }
    }

    /** Whether labels pass all {@code label!=…} filters, the original's way to say which are not wanted. */
    public boolean withoutLabels(Map<String, String> labels) {
        return of("label!").stream()
                .noneMatch(unwanted -> new Filters(Map.of("l", List.of(unwanted))).labels("l", labels));
    }

    /** Refuses names that are not among the allowed: 400 {@code invalid filter 'x'}. */
    public Filters allow(Set<String> allowed) {
        for (String name : values.keySet()) {
            if (!allowed.contains(name)) {
                throw EngineException.invalid("invalid filter '" + name + "'");
            }
        }
        return this;
    }
}
