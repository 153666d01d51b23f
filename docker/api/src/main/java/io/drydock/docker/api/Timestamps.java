package io.drydock.docker.api;

import io.drydock.spec.engine.EngineException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as clients write them: seconds since the epoch with a fraction, RFC 3339, or a duration before now. */
final class Timestamps {
    private Timestamps() {}

    /** The time; null if the text is empty or zero. */
    static @Nullable Instant parse(String name, String text, Instant now) {
        if (text.isEmpty() || text.equals("0")) {
            return null;
        }
        try {
            if (text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.' || c == '-')
                    && text.lastIndexOf('-') <= 0) {
                return seconds(text);
            }
            if (text.length() > 10 && text.charAt(10) == 'T') {
                return text.length() > 19 && !Character.isDigit(text.charAt(text.length() - 1))
                                || text.indexOf('+', 11) > 0
                                || text.indexOf('-', 11) > 0
                        ? OffsetDateTime.parse(text).toInstant()
                        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            }
            return now.minus(Duration.parse("PT" + text.toUpperCase(Locale.ROOT)));
        } catch (DateTimeParseException | NumberFormatException e) {
            throw EngineException.invalid(
                    "invalid value for \"" + name + "\": failed to parse value as time or duration: \"" + text + "\"");
        }
    }

    private static Instant seconds(String text) {
        int dot = text.indexOf('.');
        if (dot < 0) {
            return Instant.ofEpochSecond(Long.parseLong(text));
        }
        String nanos = (text.substring(dot + 1) + "000000000").substring(0, 9);
        return Instant.ofEpochSecond(Long.parseLong(text.substring(0, dot)), Long.parseLong(nanos));
    }
}
