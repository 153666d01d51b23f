package io.drydock.docker.engine.image;

/** The bar that clients without one of their own print: {@code [====>    ]  1.2kB/3MB}. */
final class ProgressBar {
    private static final int WIDTH = 50;
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private ProgressBar() {}

    static String of(long current, long total) {
        if (total <= 0 || current > total) {
            return pad(size(current));
        }
        int done = (int) (current * 100 / total) / 2;
        return "[" + "=".repeat(done) + ">" + " ".repeat(Math.max(0, WIDTH - done)) + "] " + pad(size(current)) + "/"
                + size(total);
    }

    private static String pad(String text) {
        return " ".repeat(Math.max(0, 8 - text.length())) + text;
    }

    /** Four significant digits and a unit. */
    static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1000 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        String text = new java.math.BigDecimal(value)
                .round(new java.math.MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
        return text + UNITS[unit];
    }
}
