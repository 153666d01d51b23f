package io.drydock.containerd.server.metrics;

import io.drydock.containerd.server.metrics.Exposition.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How long something took, in Prometheus' usual buckets. Safe for threads. */
final class Histogram {
    private static final double[] BOUNDS = {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10};

    private final long[] counts = new long[BOUNDS.length];
    private long count;
    private double sum;

    synchronized void add(Duration time) {
        double seconds = time.toNanos() / 1e9;
        count++;
        sum += seconds;
        for (int i = 0; i < BOUNDS.length; i++) {
            if (seconds <= BOUNDS[i]) {
                counts[i]++;
            }
        }
    }

    synchronized void write(Exposition out, String name, String help, List<String> labels) {
        out.family(name, Type.HISTOGRAM, help);
        for (int i = 0; i < BOUNDS.length; i++) {
            bucket(out, name, labels, Double.toString(BOUNDS[i]).replace(".0", ""), counts[i]);
        }
        bucket(out, name, labels, "+Inf", count);
        out.sample(name, "_sum", labels, sum);
        out.sample(name, "_count", labels, count);
    }

    private static void bucket(Exposition out, String name, List<String> labels, String bound, long value) {
        var all = new ArrayList<>(labels);
        all.add("le");
        all.add(bound);
        out.sample(name, "_bucket", all, value);
    }
}
