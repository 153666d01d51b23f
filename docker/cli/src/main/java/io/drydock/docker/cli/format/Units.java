package io.drydock.docker.cli.format;

import io.drydock.docker.cli.template.Significant;

/** Sizes and durations for people, rounded as go-units does. */
public final class Units {
    private static final String[] DECIMAL = {"B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
    private static final String[] BINARY = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};

    private Units() {}

    /** Three digits by powers of 1000: {@code 1.24MB}. */
    public static String size(double bytes) {
        return scaled(bytes, 1000, DECIMAL, 3);
    }

    /** Four digits by powers of 1000. */
    public static String preciseSize(double bytes) {
        return scaled(bytes, 1000, DECIMAL, 4);
    }

    /** Four digits by powers of 1024: {@code 15.64GiB}. */
    public static String memory(double bytes) {
        return scaled(bytes, 1024, BINARY, 4);
    }

    private static String scaled(double bytes, int base, String[] units, int digits) {
        double value = bytes;
        int i = 0;
        while (value >= base && i < units.length - 1) {
            value /= base;
            i++;
        }
        return Significant.digits(value, digits) + units[i];
    }

    /** {@code 5 seconds}, {@code About an hour}, {@code 3 weeks}. */
    public static String duration(long nanoseconds) {
        long seconds = nanoseconds / 1_000_000_000L;
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds == 1) {
            return "1 second";
        }
        if (seconds < 60) {
            return seconds + " seconds";
        }
        long minutes = seconds / 60;
        if (minutes == 1) {
            return "About a minute";
        }
        if (minutes < 60) {
            return minutes + " minutes";
        }
        long hours = Math.round(nanoseconds / 3600e9);
        if (hours == 1) {
            return "About an hour";
        }
        if (hours < 48) {
            return hours + " hours";
        }
        if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        }
        if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        }
        if (hours < 24 * 365 * 2) {
            return hours / 24 / 30 + " months";
        }
        return (nanoseconds / 3_600_000_000_000L) / 24 / 365 + " years";
    }
}
