package io.drydock.docker.cli.session;

import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;

/** {@code --since} and {@code --until}: a duration before now, a date, or seconds of Unix time. */
public final class Since {
    private Since() {}

    /**
     * What the engine takes: seconds, with a fraction if there is one. What looks like a date is passed on as it is.
     *
     * @throws CliException if it is neither a duration nor a date nor a number
     */
    public static String timestamp(String text) throws CliException {
        if (text.isEmpty()) {
            return text;
        }
        try {
            long ago = FlagValues.duration(text);
            return seconds(Instant.now().minusNanos(ago));
        } catch (FlagException e) {
            return date(text);
        }
    }

    private static String date(String text) throws CliException {
        if (text.indexOf('-') < 0) {
            for (int i = 0; i < text.length(); i++) {
                if (!Character.isDigit(text.charAt(i)) && text.charAt(i) != '.') {
                    throw new CliException("failed to parse value as time or duration: " + FlagValues.quote(text));
                }
            }
            return text;
        }
        String full =
                switch (text.length()) {
                    case 10 -> text + "T00:00:00";
                    case 13 -> text + ":00:00";
                    case 16 -> text + ":00";
                    default -> text;
                };
        try {
            boolean zoned = full.endsWith("Z") || full.lastIndexOf('+') > 10 || full.lastIndexOf('-') > 10;
            return seconds(
                    zoned
                            ? OffsetDateTime.parse(full).toInstant()
                            : LocalDateTime.parse(full)
                                    .atZone(ZoneId.systemDefault())
                                    .toInstant());
        } catch (DateTimeParseException e) {
            return text;
        }
    }

    private static String seconds(Instant moment) {
        return moment.getEpochSecond() + "."
                + Integer.toString(1_000_000_000 + moment.getNano()).substring(1);
    }
}
