package io.drydock.registry.server;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** How many requests each sender may make. Who was still for a while has up to {@code burst} at once. Safe for threads. */
final class RateLimit {
    private static final int MOST_SENDERS = 10_000;
    private static final double SECOND = 1e9;

    private final double perSecond;
    private final int burst;
    private final LongSupplier nanoTime;
    private final ConcurrentHashMap<String, Bucket> senders = new ConcurrentHashMap<>();

    /** What is left at a time, and whether the last request was one too many. */
    private record Bucket(double left, long at, boolean refused) {}

    RateLimit(double perSecond, int burst, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.burst = burst;
        this.nanoTime = nanoTime;
    }

    /** Counts a request; zero, or how long its sender should wait if it is one too many. */
    Duration count(String sender) {
        if (senders.size() > MOST_SENDERS) {
            forgetTheStill();
        }
        long now = nanoTime.getAsLong();
        var after = senders.compute(sender, (name, bucket) -> {
            double had = bucket == null ? burst : left(bucket, now);
            return had >= 1 ? new Bucket(had - 1, now, false) : new Bucket(had, now, true);
        });
        return after.refused ? Duration.ofMillis((long) Math.ceil((1 - after.left) / perSecond * 1000)) : Duration.ZERO;
    }

    private double left(Bucket bucket, long now) {
        return Math.min(burst, bucket.left + (now - bucket.at) / SECOND * perSecond);
    }

    private void forgetTheStill() {
        long now = nanoTime.getAsLong();
        senders.values().removeIf(bucket -> left(bucket, now) >= burst);
    }
}
