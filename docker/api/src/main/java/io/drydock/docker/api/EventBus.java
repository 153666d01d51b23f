package io.drydock.docker.api;

import io.drydock.spec.engine.EventActor;
import io.drydock.spec.engine.EventMessage;
import io.drydock.spec.engine.EventSink;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The engine's events: the last 256 for who asks later, and a bounded queue for each who listens now. */
public final class EventBus implements EventSink {
    private static final int HISTORY = 256;
    private static final int QUEUE = 1024;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<EventMessage> history = new ArrayDeque<>(HISTORY);
    private final List<Subscription> subscriptions = new ArrayList<>();

    public EventBus(Clock clock) {
        this.clock = clock;
    }

    /** One who listens. An event that finds its queue full is lost for it. */
    final class Subscription implements AutoCloseable {
        final List<EventMessage> before;
        private final ArrayBlockingQueue<EventMessage> queue = new ArrayBlockingQueue<>(QUEUE);

        private Subscription(List<EventMessage> before) {
            this.before = before;
        }

        /** The next event; null if none came in time. */
        @Nullable
        EventMessage next(long nanos) throws InterruptedException {
            return queue.poll(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void close() {
            lock.lock();
            try {
                subscriptions.remove(this);
            } finally {
                lock.unlock();
            }
        }
    }

    @Override
    public void publish(String type, String action, String id, Map<String, String> attributes) {
        lock.lock();
        try {
            Instant now = clock.instant();
            long nanos = now.getEpochSecond() * 1_000_000_000L + now.getNano();
            var message = new EventMessage(
                    null,
                    null,
                    null,
                    type,
                    action,
                    new EventActor(id, attributes),
                    "local",
                    now.getEpochSecond(),
                    nanos);
            if (history.size() == HISTORY) {
                history.removeFirst();
            }
            history.addLast(message);
            subscriptions.forEach(subscription -> subscription.queue.offer(message));
        } finally {
            lock.unlock();
        }
    }

    /** Listens from now on; what happened before is in {@link Subscription#before}. */
    Subscription subscribe() {
        lock.lock();
        try {
            var subscription = new Subscription(List.copyOf(history));
            subscriptions.add(subscription);
            return subscription;
        } finally {
            lock.unlock();
        }
    }

    /** How many listen. */
    public int listeners() {
        lock.lock();
        try {
            return subscriptions.size();
        } finally {
            lock.unlock();
        }
    }
}
