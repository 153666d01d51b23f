package io.drydock.docker.api;

import io.drydock.spec.engine.EventActor;
import io.drydock.spec.engine.EventMessage;
import io.drydock.spec.engine.EventSink;
import java.io.IOException;
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

/**
 * The engine's events: those of the past for who asks later, the last 256 of them from memory, and a bounded queue for each who
 * listens now.
 */
public final class EventBus implements EventSink {
    private static final int HISTORY = 256;
    private static final int QUEUE = 1024;

    private final Clock clock;
    private final @Nullable EventJournal journal;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<EventMessage> history = new ArrayDeque<>(HISTORY);
    private final List<Subscription> subscriptions = new ArrayList<>();

    /** Events that are forgotten with the program. */
    public EventBus(Clock clock) {
        this(clock, null);
    }

    /**
     * @param journal where events are written down; null for nowhere
     */
    public EventBus(Clock clock, @Nullable EventJournal journal) {
        this.clock = clock;
        this.journal = journal;
    }

    /** One who listens. An event that finds its queue full is lost for it. */
    final class Subscription implements AutoCloseable {
        private final List<EventMessage> before;
        private final EventJournal.@Nullable Past past;
        private final ArrayBlockingQueue<EventMessage> queue = new ArrayBlockingQueue<>(QUEUE);

        private Subscription(List<EventMessage> before, EventJournal.@Nullable Past past) {
            this.before = before;
            this.past = past;
        }

        /** What had happened when the listening began, back to the time that was given for it. */
        void replay(EventJournal.Receiver receiver) throws IOException {
            if (past != null) {
                past.read(receiver);
                return;
            }
            for (EventMessage event : before) {
                receiver.accept(event);
            }
        }

        /** The next event; null if none came in time. */
        @Nullable
        EventMessage next(long nanos) throws InterruptedException {
            return queue.poll(nanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public void close() throws IOException {
            lock.lock();
            try {
                subscriptions.remove(this);
            } finally {
                lock.unlock();
            }
            if (past != null) {
                past.close();
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
            if (journal != null) {
                journal.append(message);
            }
            subscriptions.forEach(subscription -> subscription.queue.offer(message));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Listens from now on.
     *
     * @param since how far back {@link Subscription#replay} is to go; null for not at all
     */
    Subscription subscribe(@Nullable Instant since) throws IOException {
        lock.lock();
        try {
            boolean remembered = history.size() == HISTORY
                    && since != null
                    && since.getEpochSecond() > history.getFirst().time();
            var past = journal == null || since == null || remembered ? null : journal.past();
            var subscription = new Subscription(List.copyOf(history), past);
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
