package io.drydock.docker.cli.template;

/** Numbers with so many digits that matter. */
public final class Significant {
    private Significant() {}

    /** C's {@code %.Ng}: so many significant digits, without trailing zeros. */
    public static String digits(double value, int digits) {
        if (value == 0) {
            return "0";
        }
        var rounded = new java.math.BigDecimal(value).round(new java.math.MathContext(digits));
        if (rounded.precision() - rounded.scale() > digits) {
            var unscaled = rounded.stripTrailingZeros();
            int exponent = unscaled.precision() - unscaled.scale() - 1;
            String mantissa = unscaled.movePointLeft(exponent).toPlainString();
            return mantissa + "e+" + (exponent < 10 ? "0" : "") + exponent;
        }
        return rounded.stripTrailingZeros().toPlainString();
    }
}
