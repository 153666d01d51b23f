package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;

/** Sizes as Docker's options write them: {@code 10m}, {@code 1.5gb}; a unit is a power of 1000. */
final class Sizes {
    private Sizes() {}

    static long parse(String text) {
        int end = 0;
        while (end < text.length() && (Character.isDigit(text.charAt(end)) || text.charAt(end) == '.')) {
            end++;
        }
        long unit = unit(text.substring(end).strip().toLowerCase(java.util.Locale.ROOT));
        try {
            if (unit > 0) {
                return (long) (Double.parseDouble(text.substring(0, end)) * unit);
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("invalid size: '" + text + "'");
        }
        throw EngineException.invalid("invalid size: '" + text + "'");
    }

    private static long unit(String suffix) {
        return switch (suffix) {
            case "", "b" -> 1;
            case "k", "kb" -> 1_000;
            case "m", "mb" -> 1_000_000;
            case "g", "gb" -> 1_000_000_000;
            case "t", "tb" -> 1_000_000_000_000L;
            default -> 0;
        };
    }
}
