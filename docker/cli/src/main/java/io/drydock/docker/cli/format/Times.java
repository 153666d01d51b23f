package io.drydock.docker.cli.format;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Moments as Docker prints them. */
public final class Times {
    private static final String DAYS = "Mon Tue Wed Thu Fri Sat Sun ";
    private static final String MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec ";

    private Times() {}

    /**
     * Reads RFC 3339 with any offset. By hand, because the JDK's formatters take long to start.
     *
     * @throws DateTimeException if it is none
     */
    public static Instant parse(String text) {
        int end = zoneStart(text);
        return dateTime(text, end).toInstant(ZoneOffset.of(text.substring(end)));
    }

    /** As C prints it, without converting the zone: {@code Mon Jan  2 15:04:05 2006}. */
    public static String ansic(String rfc3339) {
        LocalDateTime t = dateTime(rfc3339, zoneStart(rfc3339));
        int weekday = t.getDayOfWeek().getValue() - 1;
        int month = t.getMonthValue() - 1;
        var out = new StringBuilder(24);
        out.append(DAYS, weekday * 4, weekday * 4 + 4).append(MONTHS, month * 4, month * 4 + 4);
        out.append(t.getDayOfMonth() < 10 ? " " : "").append(t.getDayOfMonth()).append(' ');
        two(out, t.getHour()).append(':');
        two(out, t.getMinute()).append(':');
        return two(out, t.getSecond()).append(' ').append(t.getYear()).toString();
    }

    private static int zoneStart(String text) {
        int n = text.length();
        int start = text.endsWith("Z") ? n - 1 : n - 6;
        if (start < 19) {
            throw new DateTimeException("no RFC 3339 time: " + text);
        }
        return start;
    }

    private static LocalDateTime dateTime(String text, int end) {
        try {
            int nanos = 0;
            if (end > 20) {
                nanos = Integer.parseInt((text.substring(20, end) + "00000000").substring(0, 9));
            }
            return LocalDateTime.of(
                    Integer.parseInt(text, 0, 4, 10),
                    Integer.parseInt(text, 5, 7, 10),
                    Integer.parseInt(text, 8, 10, 10),
                    Integer.parseInt(text, 11, 13, 10),
                    Integer.parseInt(text, 14, 16, 10),
                    Integer.parseInt(text, 17, 19, 10),
                    nanos);
        } catch (NumberFormatException e) {
            throw new DateTimeException("no RFC 3339 time: " + text, e);
        }
    }

    /** Go's {@code time.Time.String()} in the local zone, whole seconds: {@code 2026-01-02 15:04:05 +0000 UTC}. */
    public static String local(Instant moment) {
        var zoned = moment.atZone(ZoneId.systemDefault());
        var out = new StringBuilder(32);
        date(out, zoned.toLocalDateTime());
        out.append(' ');
        offset(out, zoned.getOffset(), "");
        return out.append(' ').append(zoneName(zoned)).toString();
    }

    /** As {@link #local}, with the fraction of the second if there is one. */
    public static String localNanos(Instant moment) {
        String text = local(moment);
        if (moment.getNano() == 0) {
            return text;
        }
        String fraction = Integer.toString(1_000_000_000 + moment.getNano()).substring(1);
        int end = fraction.length();
        while (fraction.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, 19) + "." + fraction.substring(0, end) + text.substring(19);
    }

    private static String zoneName(java.time.ZonedDateTime zoned) {
        String id = zoned.getZone().getId();
        if (id.equals("Z") || id.endsWith("UTC") || id.equals("GMT")) {
            return "UTC";
        }
        return java.util.TimeZone.getTimeZone(zoned.getZone())
                .getDisplayName(
                        zoned.getZone().getRules().isDaylightSavings(zoned.toInstant()),
                        java.util.TimeZone.SHORT,
                        java.util.Locale.ROOT);
    }

    /** RFC 3339 with so many digits of a second as there are, in the local zone. */
    public static String rfc3339(Instant moment) {
        var zoned = moment.atZone(ZoneId.systemDefault());
        var out = new StringBuilder(40);
        date(out, zoned.toLocalDateTime());
        out.setCharAt(10, 'T');
        if (zoned.getOffset().getTotalSeconds() == 0) {
            return out.append('Z').toString();
        }
        offset(out, zoned.getOffset(), ":");
        return out.toString();
    }

    /** RFC 3339 with nine digits of a second, in the local zone, as events are printed. */
    public static String rfc3339Nine(Instant moment) {
        String text = rfc3339(moment);
        return text.substring(0, 19) + "."
                + Integer.toString(1_000_000_000 + moment.getNano()).substring(1) + text.substring(19);
    }

    private static void date(StringBuilder out, LocalDateTime t) {
        out.append(t.getYear()).append('-');
        two(out, t.getMonthValue()).append('-');
        two(out, t.getDayOfMonth()).append(' ');
        two(out, t.getHour()).append(':');
        two(out, t.getMinute()).append(':');
        two(out, t.getSecond());
    }

    private static void offset(StringBuilder out, ZoneOffset offset, String colon) {
        int minutes = offset.getTotalSeconds() / 60;
        out.append(minutes < 0 ? '-' : '+');
        two(out, Math.abs(minutes) / 60).append(colon);
        two(out, Math.abs(minutes) % 60);
    }

    private static StringBuilder two(StringBuilder out, int n) {
        return n < 10 ? out.append('0').append(n) : out.append(n);
    }
}
