package io.drydock.containerd.shim;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.MessageLite;
import io.drydock.rpc.RpcException;
import io.drydock.rpc.TtrpcClient;
import io.drydock.spec.containerd.services.events.ttrpc.v1.Envelope;
import io.drydock.spec.containerd.services.events.ttrpc.v1.ForwardRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to containerd in the order they were added, one at a time, and keeps them while containerd is down. Each
 * event is acknowledged to its owner once containerd has it, so that after a crash of the shim exactly the others are
 * sent again.
 */
final class EventQueue implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EventQueue.class);
    private static final String SERVICE = "containerd.services.events.ttrpc.v1.Events";
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long FIRST_PAUSE = 20;
    private static final long LONGEST_PAUSE = 1000;

    private final Path containerd;
    private final LinkedBlockingQueue<Entry> entries = new LinkedBlockingQueue<>();
    private final Thread sender;
    /** Owned by the sender's thread. */
    private @Nullable TtrpcClient connection;

    /** @param containerd containerd's ttrpc socket; it need not be there yet */
    EventQueue(Path containerd) {
        this.containerd = containerd;
        this.sender = Thread.ofVirtual().name("events").unstarted(this::run);
    }

    /** Begins to send; separate from the constructor so that re-adoption can queue first. */
    void start() {
        sender.start();
    }

    /**
     * Adds an event.
     *
     * @param type the event's protobuf name; asking the message for it would load descriptors
     * @param delivered run on the sender's thread when containerd has taken the event
     */
    void add(String namespace, String topic, Instant at, String type, MessageLite event, Runnable delivered) {
        Any any =
                Any.newBuilder().setTypeUrl(type).setValue(event.toByteString()).build();
        entries.add(new Entry(
                ForwardRequest.newBuilder()
                        .setEnvelope(Envelope.newBuilder()
                                .setTimestamp(Timestamps.of(at))
                                .setNamespace(namespace)
                                .setTopic(topic)
                                .setEvent(any))
                        .build(),
                delivered));
    }

    private void run() {
        try {
            while (true) {
                send(entries.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Entry entry) throws InterruptedException {
        for (long pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
            try {
                connected().call(SERVICE, "Forward", entry.request(), Empty.parser(), TIMEOUT);
                entry.delivered().run();
                return;
            } catch (IOException | RpcException e) {
                log.debug("event {} waits: {}", entry.request().getEnvelope().getTopic(), e.getMessage());
                disconnect();
                Thread.sleep(pause);
            }
        }
    }

    private TtrpcClient connected() throws IOException {
        TtrpcClient open = connection;
        if (open == null || open.closed().isDone()) {
            open = TtrpcClient.connect(containerd);
            connection = open;
        }
        return open;
    }

    private void disconnect() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    @Override
    public void close() {
        sender.interrupt();
    }

    private record Entry(ForwardRequest request, Runnable delivered) {}
}
