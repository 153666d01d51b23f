package io.drydock.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waiting for something that tells nobody when it happens: looks again and again until a deadline. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Await() {}

    /** Waits up to a minute for the condition. An exception it throws counts as "not yet", and is shown at the end. */
    public static void until(String what, Callable<Boolean> condition) {
        value(what, PATIENCE, condition, Boolean::booleanValue);
    }

    /** Waits up to that time for the condition. */
    public static void until(String what, Duration limit, Callable<Boolean> condition) {
        value(what, limit, condition, Boolean::booleanValue);
    }

    /** Waits up to that time for a value that the predicate accepts, and answers it. */
    public static <T> T value(String what, Duration limit, Callable<T> supplier, Predicate<T> accepted) {
        long end = System.nanoTime() + limit.toNanos();
        Object last = "nothing";
        while (true) {
            try {
                T value = supplier.call();
                if (accepted.test(value)) {
                    return value;
                }
                last = value;
            } catch (Exception | AssertionError e) {
                last = e;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "not within " + limit + ": " + what + "; last seen: " + last,
                        last instanceof Throwable t ? t : null);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }
}
