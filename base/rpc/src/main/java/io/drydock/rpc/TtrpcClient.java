package io.drydock.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a ttrpc server, for any number of threads. It does not reconnect: {@link #closed()} tells its end,
 * and every call after that fails with {@link StatusCode#UNAVAILABLE}.
 */
public final class TtrpcClient implements AutoCloseable {
    private static final long READER_STACK = 128 << 10;

    private final FrameChannel frames;
    private final Map<Integer, Pending> pending = new ConcurrentHashMap<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    /** Guarded by the frames' write lock, so that ids rise on the wire. */
    private int nextStream = 1;

    private TtrpcClient(FrameChannel frames) {
        this.frames = frames;
    }

    /**
     * Connects to a unix socket.
     *
     * @throws IOException if nobody listens there
     */
    public static TtrpcClient connect(Path path) throws IOException {
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException e) {
            socket.close();
            throw new IOException("connect " + path + ": " + e.getMessage(), e);
        }
        TtrpcClient client = new TtrpcClient(new FrameChannel(socket));
        Thread.ofPlatform()
                .name("ttrpc-client")
                .daemon()
                .stackSize(READER_STACK)
                .start(client::read);
        return client;
    }

    /** Calls a unary method without metadata. */
    public <R extends MessageLite> R call(
            String service, String method, MessageLite request, Parser<R> answer, @Nullable Duration timeout) {
        return call(service, method, request, answer, timeout, Map.of());
    }

    /**
     * Calls a unary method and waits for the answer.
     *
     * @param timeout how long to wait, told to the server too; null waits for ever
     * @throws RpcException the server's error, or one of the connection
     */
    public <R extends MessageLite> R call(
            String service,
            String method,
            MessageLite request,
            Parser<R> answer,
            @Nullable Duration timeout,
            Map<String, String> metadata) {
        return call(service, method, request, answer, timeout, metadata, new CompletableFuture<>());
    }

    /**
     * The same, until nobody wants the answer any more. To interrupt the thread would not do: it may be writing, which would
     * close the connection under all others.
     *
     * @param unwanted done when the call shall end, with CANCELLED
     */
    public <R extends MessageLite> R call(
            String service,
            String method,
            MessageLite request,
            Parser<R> answer,
            @Nullable Duration timeout,
            Map<String, String> metadata,
            CompletableFuture<?> unwanted) {
        Pending.Answer answered = new Pending.Answer(new CompletableFuture<>());
        unwanted.thenRun(() -> answered.response()
                .complete(Envelope.Response.failed(new RpcException(StatusCode.CANCELLED, "context canceled"))));
        int stream = open(0, service, method, request.toByteString(), timeout, metadata, answered);
        try {
            Envelope.Response response = timeout == null
                    ? answered.response().get()
                    : answered.response().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (response.error() != null) {
                throw new RpcException(response.error().code(), response.error().text(), response.error());
            }
            return answer.parseFrom(response.payload());
        } catch (InvalidProtocolBufferException e) {
            throw new RpcException(StatusCode.INTERNAL, "malformed answer of " + method + ": " + e.getMessage(), e);
        } catch (TimeoutException e) {
            throw new RpcException(StatusCode.DEADLINE_EXCEEDED, "context deadline exceeded", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("answers are never exceptional", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RpcException(StatusCode.CANCELLED, "context canceled", e);
        } finally {
            pending.remove(stream);
        }
    }

    /**
     * Opens a stream in both directions; send on it, then {@link RpcStream#closeSend}.
     *
     * @param first the first message, or null to begin with none
     */
    public RpcStream stream(String service, String method, @Nullable MessageLite first) {
        return stream(Frame.REMOTE_OPEN, service, method, first);
    }

    /** Opens a stream on which only the server sends, after one request. */
    public RpcStream serverStream(String service, String method, MessageLite request) {
        return stream(Frame.REMOTE_CLOSED, service, method, request);
    }

    private RpcStream stream(int flags, String service, String method, @Nullable MessageLite first) {
        ByteString payload = first == null ? ByteString.EMPTY : first.toByteString();
        Pending.Stream holder = new Pending.Stream(new CompletableFuture<>());
        open(flags, service, method, payload, null, Map.of(), holder);
        return holder.stream().join();
    }

    /** Completes when the connection has ended, for whatever reason. */
    public CompletableFuture<Void> closed() {
        return closed.copy();
    }

    private int open(
            int flags,
            String service,
            String method,
            ByteString payload,
            @Nullable Duration timeout,
            Map<String, String> metadata,
            Pending call) {
        byte[] request = new Envelope.Request(
                        service, method, payload, timeout == null ? 0 : timeout.toNanos(), metadata)
                .encode();
        ReentrantLock order = frames.writeLock();
        order.lock();
        try {
            int stream = nextStream;
            if (call instanceof Pending.Stream holder) {
                holder.stream().complete(new RpcStream(stream, frames, () -> pending.remove(stream)));
            }
            pending.put(stream, call);
            if (closed.isDone()) {
                pending.remove(stream);
                throw new RpcException(StatusCode.UNAVAILABLE, "ttrpc: closed");
            }
            try {
                frames.writeLocked(Frame.request(stream, flags, request));
                nextStream += 2;
            } catch (IOException | RpcException e) {
                pending.remove(stream);
                throw e;
            }
            return stream;
        } catch (IOException e) {
            throw new RpcException(StatusCode.UNAVAILABLE, "ttrpc: closed: " + e.getMessage(), e);
        } finally {
            order.unlock();
        }
    }

    private void read() {
        String reason = "ttrpc: closed";
        try (frames) {
            for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
                accept(frame);
            }
        } catch (IOException e) {
            reason = "ttrpc: closed: " + e.getMessage();
        }
        RpcException end = new RpcException(StatusCode.UNAVAILABLE, reason);
        closed.complete(null);
        pending.keySet().forEach(stream -> finish(stream, Envelope.Response.failed(end)));
    }

    private void accept(Frame frame) throws IOException {
        int stream = frame.stream();
        if (frame.oversized()) {
            finish(
                    stream,
                    Envelope.Response.failed(new RpcException(
                            StatusCode.RESOURCE_EXHAUSTED,
                            "message exceed maximum message size of " + Frame.MAX_PAYLOAD)));
        } else if (frame.kind() == Frame.RESPONSE) {
            finish(stream, Envelope.Response.decode(frame.payload()));
        } else if (frame.kind() == Frame.DATA && pending.get(stream) instanceof Pending.Stream holder) {
            if (!frame.has(Frame.NO_DATA)) {
                holder.stream().join().deliver(frame.payload());
            }
            if (frame.has(Frame.REMOTE_CLOSED)) {
                holder.stream().join().end(null);
            }
        }
    }

    private void finish(int stream, Envelope.Response response) {
        switch (pending.remove(stream)) {
            case Pending.Answer answer -> answer.response().complete(response);
            case Pending.Stream holder -> {
                if (response.error() == null && !response.payload().isEmpty()) {
                    holder.stream().join().deliver(response.payload().toByteArray());
                }
                holder.stream().join().end(response.error());
            }
            case null -> {} // The caller gave up before the answer came.
        }
    }

    /** Closes the connection; calls under way fail. */
    @Override
    public void close() {
        frames.close();
    }

    private sealed interface Pending {
        record Answer(CompletableFuture<Envelope.Response> response) implements Pending {}

        record Stream(CompletableFuture<RpcStream> stream) implements Pending {}
    }
}
