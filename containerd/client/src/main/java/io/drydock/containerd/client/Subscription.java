package io.drydock.containerd.client;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.spec.containerd.services.events.v1.SubscribeRequest;
import io.drydock.spec.containerd.services.version.v1.VersionGrpc;
import io.drydock.spec.containerd.types.Envelope;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Instant;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running subscription; it ends only by {@link #close}. */
public final class Subscription implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Subscription.class);
    private static final long PAUSE_MILLIS = 100;
    private static final int AHEAD = 256;

    private final Channel channel;
    private final MethodDescriptor<SubscribeRequest, Envelope> method;
    private final SubscribeRequest request;
    private final Consumer<ContainerdEvent> receiver;
    private final Thread thread;
    private volatile boolean closed;

    Subscription(
            Channel channel,
            MethodDescriptor<SubscribeRequest, Envelope> method,
            SubscribeRequest request,
            Consumer<ContainerdEvent> receiver) {
        this.channel = channel;
        this.method = method;
        this.request = request;
        this.receiver = receiver;
        this.thread = Thread.ofVirtual().name("containerd-events").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                Status end = follow();
                if (!closed) {
                    log.warn("the events of containerd broke off: {}", end);
                    Thread.sleep(PAUSE_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Follows one call to its end. */
    private Status follow() throws InterruptedException {
        LinkedBlockingQueue<Item> items = new LinkedBlockingQueue<>();
        ClientCall<SubscribeRequest, Envelope> call = channel.newCall(method, CallOptions.DEFAULT.withWaitForReady());
        call.start(new Receiver(items), new Metadata());
        call.sendMessage(request);
        call.halfClose();
        call.request(AHEAD);
        try {
            // A subscription is not acknowledged. A second call behind it on the same connection is.
            Connection.call(channel, VersionGrpc.getVersionMethod(), Empty.getDefaultInstance(), null);
            receiver.accept(new ContainerdEvent.Subscribed(Instant.now()));
            while (true) {
                switch (items.take()) {
                    case Item.Event event -> {
                        call.request(1);
                        deliver(event.envelope());
                    }
                    case Item.End end -> {
                        return end.status();
                    }
                }
            }
        } catch (ContainerdException e) {
            return Status.UNAVAILABLE.withDescription(e.getMessage());
        } finally {
            call.cancel("unsubscribed", null);
        }
    }

    private void deliver(Envelope envelope) {
        ContainerdEvent event;
        try {
            event = Events.event(envelope);
        } catch (InvalidProtocolBufferException e) {
            log.error("malformed event {}: {}", envelope.getTopic(), e.getMessage());
            return;
        }
        receiver.accept(event);
    }

    /** Ends the subscription; no event is delivered afterwards but one that is being. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private sealed interface Item {
        record Event(Envelope envelope) implements Item {}

        record End(Status status) implements Item {}
    }

    /** Called on the channel's event loop: only queues. */
    private static final class Receiver extends ClientCall.Listener<Envelope> {
        private final LinkedBlockingQueue<Item> items;

        Receiver(LinkedBlockingQueue<Item> items) {
            this.items = items;
        }

        @Override
        public void onMessage(Envelope envelope) {
            items.add(new Item.Event(envelope));
        }

        @Override
        public void onClose(Status status, @Nullable Metadata trailers) {
            items.add(new Item.End(status));
        }
    }
}
