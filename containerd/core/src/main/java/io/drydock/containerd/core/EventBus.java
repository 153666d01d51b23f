package io.drydock.containerd.core;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import io.drydock.spec.containerd.types.Envelope;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/** Hands events to all subscribers, each with a queue of its own, in the order of publishing. */
public final class EventBus {
    /** So many events may wait for a slow subscriber; then its subscription ends, so that it knows that it lost some. */
    private static final int QUEUE = 8192;

    private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

    /** Publishes an event that happened now. */
    public void publish(String namespace, String topic, Message event) {
        var now = Instant.now();
        publish(
                namespace,
                topic,
                Timestamp.newBuilder()
                        .setSeconds(now.getEpochSecond())
                        .setNanos(now.getNano())
                        .build(),
                pack(event));
    }

    /** Packs a message as containerd does: the type's full name alone is the type URL. */
    public static Any pack(Message event) {
        return Any.newBuilder()
                .setTypeUrl(event.getDescriptorForType().getFullName())
                .setValue(event.toByteString())
                .build();
    }

    public synchronized void publish(String namespace, String topic, Timestamp at, Any event) {
        if (subscriptions.isEmpty()) {
            return;
        }
        var envelope = Envelope.newBuilder()
                .setTimestamp(at)
                .setNamespace(namespace)
                .setTopic(topic)
                .setEvent(event)
                .build();
        for (var subscription : subscriptions) {
            subscription.offer(envelope);
        }
    }

    /** Subscribes to the events that the filter lets through. */
    public Subscription subscribe(Filter filter) {
        var subscription = new Subscription(filter);
        subscriptions.add(subscription);
        return subscription;
    }

    /** A queue of events. One thread takes from it. */
    public final class Subscription implements AutoCloseable {
        private static final Envelope OVERFLOWN = Envelope.getDefaultInstance();

        private final Filter filter;
        private final ArrayBlockingQueue<Envelope> queue = new ArrayBlockingQueue<>(QUEUE + 1);

        private Subscription(Filter filter) {
            this.filter = filter;
        }

        private void offer(Envelope envelope) {
            if (!filter.matches(path -> field(envelope, path))) {
                return;
            }
            if (queue.size() >= QUEUE) {
                subscriptions.remove(this);
                queue.offer(OVERFLOWN);
            } else {
                queue.offer(envelope);
            }
        }

        private static Optional<String> field(Envelope envelope, java.util.List<String> path) {
            return switch (path.getFirst()) {
                case "namespace" -> Optional.of(envelope.getNamespace());
                case "topic" -> Optional.of(envelope.getTopic());
                default -> Optional.empty();
            };
        }

        /**
         * Waits for the next event.
         *
         * @throws ContainerdError RESOURCE_EXHAUSTED when this subscriber was too slow and events were lost
         */
        public Envelope take() throws InterruptedException {
            var next = queue.take();
            if (next == OVERFLOWN) {
                throw new ContainerdError(
                        ContainerdError.Code.RESOURCE_EXHAUSTED,
                        "subscriber is too slow: more than " + QUEUE + " events are waiting");
            }
            return next;
        }

        @Override
        public void close() {
            subscriptions.remove(this);
        }
    }
}
