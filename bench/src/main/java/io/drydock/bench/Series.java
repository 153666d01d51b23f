package io.drydock.bench;

import java.util.Arrays;
import java.util.Locale;

/** Times of one thing measured again and again, in milliseconds. */
record Series(double[] values) {
    Series {
        values = values.clone();
        Arrays.sort(values);
    }

    double median() {
        return quantile(0.5);
    }

    /** The value below which that share (0 to 1) of the times lies. */
    double quantile(double share) {
        return values[(int) Math.min(values.length - 1L, Math.round(share * (values.length - 1)))];
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.0f (%.0f–%.0f)", median(), quantile(0.1), quantile(0.9));
    }
}
