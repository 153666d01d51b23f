package io.drydock.rpc;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.HashMap;
import java.util.Map;

/**
 * What a server offers under one service name: methods by name, each with the parser of its request. Handlers run on a
 * virtual thread of their own and may block, but not in native calls.
 *
 * <pre>{@code
 * RpcService greeter = RpcService.named("example.Greeter")
 *         .unary("Hello", HelloRequest.parser(), (call, request) -> answer(request.getName()));
 * }</pre>
 */
public final class RpcService {
    private final String name;
    private final Map<String, Method> methods = new HashMap<>();

    private RpcService(String name) {
        this.name = name;
    }

    /** Begins a service; the name is the full protobuf one, such as {@code containerd.task.v2.Task}. */
    public static RpcService named(String name) {
        return new RpcService(name);
    }

    /** Adds a method of one request and one answer. */
    public <Q extends MessageLite> RpcService unary(String method, Parser<Q> request, UnaryHandler<Q> handler) {
        methods.put(method, new Unary<>(request, handler));
        return this;
    }

    /** Adds a method that streams in either direction or both. */
    public RpcService streaming(String method, StreamHandler handler) {
        methods.put(method, new Streaming(handler));
        return this;
    }

    String name() {
        return name;
    }

    Map<String, Method> methods() {
        return Map.copyOf(methods);
    }

    /** Serves a unary method. */
    @FunctionalInterface
    public interface UnaryHandler<Q extends MessageLite> {
        /**
         * Answers one request.
         *
         * @throws RpcException to answer an error
         */
        MessageLite handle(Call call, Q request);
    }

    /** Serves a streaming method. Returning ends the stream well, whatever the client still sends. */
    @FunctionalInterface
    public interface StreamHandler {
        /**
         * Serves one stream.
         *
         * @throws RpcException to end the stream with an error
         */
        void handle(Call call, RpcStream stream);
    }

    sealed interface Method {}

    record Unary<Q extends MessageLite>(Parser<Q> request, UnaryHandler<Q> handler) implements Method {}

    record Streaming(StreamHandler handler) implements Method {}
}
