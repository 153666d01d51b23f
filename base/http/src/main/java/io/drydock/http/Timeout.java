package io.drydock.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Timers of the event loop. */
final class Timeout {
    private Timeout() {}

    /** Runs a short action on the loop after a while unless the registration is closed before. */
    static Exchange.Registration after(EventLoop loop, Duration delay, Runnable action) {
        ScheduledFuture<?> future = loop.schedule(action, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> future.cancel(false);
    }
}
