package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;

/** Sizes as Docker's options write them: {@code 10m}, {@code 1.5gb}; a unit is a power of 1000. */
final class Sizes {
    private Sizes() {}

    static long parse(String text) {
        return parse(text, 1000);
    }

    /** The same where a unit is a power of 1024. */
    static long binary(String text) {
        return parse(text, 1024);
    }

    private static long parse(String text, int base) {
        int end = 0;
        while (end < text.length() && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        long unit = unit(text.substring(end).strip().toLowerCase(java.util.Locale.ROOT), base);
        try {
            if (unit > 0) {
                return (long) (Double.parseDouble(text.substring(0, end)) * unit);
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("invalid size: '" + text + "'");
        }
        throw EngineException.invalid("invalid size: '" + text + "'");
    }

    private static long unit(String suffix, long base) {
        return switch (suffix) {
            case "", "b" -> 1;
            case "k", "kb", "kib" -> base;
            case "m", "mb", "mib" -> base * base;
            case "g", "gb", "gib" -> base * base * base;
            case "t", "tb", "tib" -> base * base * base * base;
            default -> 0;
        };
    }
}
