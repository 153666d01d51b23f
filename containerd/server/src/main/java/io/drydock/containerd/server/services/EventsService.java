package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Downstream;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.server.grpc.Times;
import io.drydock.spec.containerd.services.events.v1.EventsGrpc;
import io.drydock.spec.containerd.services.events.v1.ForwardRequest;
import io.drydock.spec.containerd.services.events.v1.PublishRequest;
import io.drydock.spec.containerd.services.events.v1.SubscribeRequest;
import io.drydock.spec.containerd.types.Envelope;
import io.grpc.stub.StreamObserver;
import java.time.Instant;

/** The service {@code containerd.services.events.v1.Events}. */
public final class EventsService extends EventsGrpc.EventsImplBase {
    private final EventBus events;

    public EventsService(EventBus events) {
        this.events = events;
    }

    private static void checkTopic(String topic) {
        if (!topic.startsWith("/") || topic.length() < 2) {
            throw ContainerdError.invalid("topic \"" + topic + "\" must start with '/'");
        }
    }

    @Override
    public void publish(PublishRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            checkTopic(request.getTopic());
            events.publish(Scope.namespace(), request.getTopic(), Times.proto(Instant.now()), request.getEvent());
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void forward(ForwardRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            var envelope = request.getEnvelope();
            checkTopic(envelope.getTopic());
            events.publish(envelope.getNamespace(), envelope.getTopic(), envelope.getTimestamp(), envelope.getEvent());
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void subscribe(SubscribeRequest request, StreamObserver<Envelope> out) {
        EventBus.Subscription subscription;
        try {
            // subscribed before the call is answered: nothing published from now on is missed
            subscription = events.subscribe(Filter.parse(request.getFiltersList()));
        } catch (ContainerdError e) {
            out.onError(Answers.status(e));
            return;
        }
        Downstream.start(out, "events", down -> {
            try (subscription) {
                while (true) {
                    down.send(subscription.take());
                }
            }
        });
    }
}
