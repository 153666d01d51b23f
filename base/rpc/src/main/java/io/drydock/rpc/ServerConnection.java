package io.drydock.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of a server. The reader thread owns {@code lastStream} and starts a virtual thread per request; the map of
 * active calls is shared with those, and each removes itself when it has answered.
 */
final class ServerConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServerConnection.class);

    private final TtrpcServer server;
    private final FrameChannel frames;
    private final Map<Integer, Active> active = new ConcurrentHashMap<>();
    private int lastStream;

    ServerConnection(TtrpcServer server, FrameChannel frames) {
        this.server = server;
        this.frames = frames;
    }

    /** Reads until the client closes. */
    void run() {
        try {
            for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
                accept(frame);
            }
        } catch (IOException e) {
            log.debug("ttrpc: connection ended: {}", e.getMessage());
        }
    }

    private void accept(Frame frame) {
        int stream = frame.stream();
        if ((stream & 1) == 0) {
            refuse(stream, StatusCode.INVALID_ARGUMENT, "StreamID must be odd for client initiated streams");
        } else if (frame.kind() == Frame.DATA) {
            data(frame);
        } else if (frame.kind() != Frame.REQUEST) {
            refuse(stream, StatusCode.INVALID_ARGUMENT, "unexpected message type " + frame.kind());
        } else if (Integer.compareUnsigned(stream, lastStream) <= 0) {
            refuse(stream, StatusCode.INVALID_ARGUMENT, "StreamID cannot be re-used and must increment");
        } else {
            lastStream = stream;
            request(frame);
        }
    }

    private void request(Frame frame) {
        int stream = frame.stream();
        if (frame.oversized()) {
            refuse(
                    stream,
                    StatusCode.RESOURCE_EXHAUSTED,
                    "message exceed maximum message size of " + Frame.MAX_PAYLOAD);
            return;
        }
        try {
            Envelope.Request request = Envelope.Request.decode(frame.payload());
            Call call = new Call(request.metadata(), request.timeoutNanos());
            switch (server.method(request.service(), request.method())) {
                case RpcService.Unary<?> unary -> {
                    active.put(stream, new Active(call, null));
                    Thread.ofVirtual().start(() -> finish(stream, unaryAnswer(unary, call, request.payload())));
                }
                case RpcService.Streaming streaming -> {
                    RpcStream messages = new RpcStream(stream, frames, () -> {});
                    active.put(stream, new Active(call, messages));
                    if (!request.payload().isEmpty()) {
                        messages.deliver(request.payload().toByteArray());
                    }
                    if (frame.has(Frame.REMOTE_CLOSED)) {
                        messages.end(null);
                    }
                    Thread.ofVirtual().start(() -> finish(stream, streamEnd(streaming, call, messages)));
                }
            }
        } catch (RpcException e) {
            refuse(stream, e.code(), e.text());
        } catch (IOException e) {
            refuse(stream, StatusCode.INVALID_ARGUMENT, "unmarshal request: " + e.getMessage());
        }
    }

    private void data(Frame frame) {
        Active target = active.get(frame.stream());
        RpcStream messages = target == null ? null : target.stream();
        if (messages == null) {
            if (Integer.compareUnsigned(frame.stream(), lastStream) > 0) {
                refuse(frame.stream(), StatusCode.INVALID_ARGUMENT, "StreamID is no longer active");
            }
            // Data for a stream that has just been answered crossed the answer on the way; nothing is owed for it.
            return;
        }
        if (frame.oversized()) {
            messages.end(new RpcException(
                    StatusCode.RESOURCE_EXHAUSTED, "message exceed maximum message size of " + Frame.MAX_PAYLOAD));
            return;
        }
        if (!frame.has(Frame.NO_DATA)) {
            messages.deliver(frame.payload());
        }
        if (frame.has(Frame.REMOTE_CLOSED)) {
            messages.end(null);
        }
    }

    private <Q extends MessageLite> Envelope.Response unaryAnswer(
            RpcService.Unary<Q> method, Call call, ByteString payload) {
        try {
            Q request = method.request().parseFrom(payload);
            return Envelope.Response.ok(method.handler().handle(call, request).toByteString());
        } catch (InvalidProtocolBufferException e) {
            return Envelope.Response.failed(
                    new RpcException(StatusCode.INVALID_ARGUMENT, "unmarshal payload: " + e.getMessage()));
        } catch (RpcException e) {
            return Envelope.Response.failed(e);
        } catch (RuntimeException | Error e) {
            return unexpected(e);
        }
    }

    private Envelope.Response streamEnd(RpcService.Streaming method, Call call, RpcStream messages) {
        try {
            method.handler().handle(call, messages);
            return Envelope.Response.ok(ByteString.EMPTY);
        } catch (RpcException e) {
            return Envelope.Response.failed(e);
        } catch (RuntimeException | Error e) {
            return unexpected(e);
        }
    }

    /** A fault in a handler is that call's failure; the caller and the log both get it. */
    private Envelope.Response unexpected(Throwable fault) {
        log.error("ttrpc: handler failed", fault);
        return Envelope.Response.failed(new RpcException(StatusCode.UNKNOWN, fault.toString()));
    }

    private void finish(int stream, Envelope.Response response) {
        active.remove(stream);
        send(stream, response);
    }

    private void refuse(int stream, StatusCode code, String message) {
        send(stream, Envelope.Response.failed(new RpcException(code, message)));
    }

    private void send(int stream, Envelope.Response response) {
        try {
            byte[] payload = response.encode();
            if (payload.length > Frame.MAX_PAYLOAD) {
                payload = Envelope.Response.failed(
                                new RpcException(StatusCode.RESOURCE_EXHAUSTED, FrameChannel.tooLarge(payload.length)))
                        .encode();
            }
            frames.write(Frame.response(stream, payload));
        } catch (IOException e) {
            log.debug("ttrpc: the client left before its answer: {}", e.getMessage());
        }
    }

    /** Closes the socket; calls under way lose their waits. */
    @Override
    public void close() {
        frames.close();
        for (Active call : active.values()) {
            call.call().cancel();
            if (call.stream() != null) {
                call.stream().end(new RpcException(StatusCode.UNAVAILABLE, "ttrpc: closed"));
            }
        }
    }

    private record Active(Call call, @Nullable RpcStream stream) {}
}
