package io.drydock.containerd.server.metrics;

import io.drydock.containerd.server.metrics.Exposition.Type;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts calls by method: begun, ended (by code), messages in and out, and how long they took. */
public final class GrpcMetrics implements ServerInterceptor {
    private final boolean times;
    private final Map<String, Method> methods = new ConcurrentHashMap<>();

    /** @param times whether to keep a histogram of each method's times too */
    public GrpcMetrics(boolean times) {
        this.times = times;
    }

    private static final class Method {
        final List<String> labels;
        final LongAdder started = new LongAdder();
        final LongAdder received = new LongAdder();
        final LongAdder sent = new LongAdder();
        final Map<Status.Code, LongAdder> handled = new ConcurrentHashMap<>();
        final Histogram times = new Histogram();

        Method(MethodDescriptor<?, ?> method) {
            labels = List.of(
                    "grpc_method",
                    Objects.requireNonNull(method.getBareMethodName()),
                    "grpc_service",
                    Objects.requireNonNull(method.getServiceName()),
                    "grpc_type",
                    switch (method.getType()) {
                        case CLIENT_STREAMING -> "client_stream";
                        case SERVER_STREAMING -> "server_stream";
                        case BIDI_STREAMING -> "bidi_stream";
                        case UNARY, UNKNOWN -> "unary";
                    });
        }
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        var method = methods.computeIfAbsent(
                call.getMethodDescriptor().getFullMethodName(), name -> new Method(call.getMethodDescriptor()));
        long begin = System.nanoTime();
        method.started.increment();
        var counted = new SimpleForwardingServerCall<Q, R>(call) {
            @Override
            public void sendMessage(R message) {
                method.sent.increment();
                super.sendMessage(message);
            }

            @Override
            public void close(Status status, Metadata trailers) {
                method.handled
                        .computeIfAbsent(status.getCode(), code -> new LongAdder())
                        .increment();
                method.times.add(Duration.ofNanos(System.nanoTime() - begin));
                super.close(status, trailers);
            }
        };
        return new SimpleForwardingServerCallListener<>(next.startCall(counted, headers)) {
            @Override
            public void onMessage(Q message) {
                method.received.increment();
                super.onMessage(message);
            }
        };
    }

    void write(Exposition out) {
        for (var method : methods.values()) {
            count(out, "grpc_server_started_total", "Calls begun.", method.labels, method.started);
            count(out, "grpc_server_msg_received_total", "Messages received.", method.labels, method.received);
            count(out, "grpc_server_msg_sent_total", "Messages sent.", method.labels, method.sent);
            method.handled.forEach((code, number) -> {
                var labels = new ArrayList<>(List.of("grpc_code", name(code)));
                labels.addAll(method.labels);
                count(out, "grpc_server_handled_total", "Calls ended, by code.", labels, number);
            });
            if (times) {
                method.times.write(out, "grpc_server_handling_seconds", "How long calls took.", method.labels);
            }
        }
    }

    private static void count(Exposition out, String name, String help, List<String> labels, LongAdder number) {
        out.family(name, Type.COUNTER, help).sample(name, labels, number.sum());
    }

    /** As Go names it: {@code NotFound}. */
    private static String name(Status.Code code) {
        var name = new StringBuilder();
        for (var word : code.name().split("_")) {
            name.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return code == Status.Code.OK ? "OK" : name.toString();
    }
}
