package io.drydock.containerd.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.drydock.spec.containerd.services.streaming.v1.StreamInit;
import io.drydock.spec.containerd.types.transfer.AuthRequest;
import io.drydock.spec.containerd.types.transfer.AuthResponse;
import io.drydock.spec.containerd.types.transfer.AuthType;
import io.drydock.spec.containerd.types.transfer.Data;
import io.drydock.spec.containerd.types.transfer.Progress;
import io.drydock.spec.containerd.types.transfer.WindowUpdate;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stream of containerd's streaming service: a call that another call refers to by the stream's id. */
final class AnyStream implements AutoCloseable {
    private static final long SOON_MS = 100;
    private static final long ALWAYS_MS = TimeUnit.DAYS.toMillis(365);
    private static final Logger log = LoggerFactory.getLogger(AnyStream.class);
    static final String TYPES = "containerd.types.transfer.";

    private static final Duration LAST_MESSAGES = Duration.ofSeconds(30);
    private static final int LARGEST = 256 * 1024;
    private static final int WINDOW = 1 << 20;

    private final String id;
    private final BlockingClientCall<Any, Any> call;
    /** Set by the thread that reads. */
    /** What came while something was to be written. */
    private final Deque<Any> early = new ArrayDeque<>();

    private boolean ended;

    private AnyStream(String id, BlockingClientCall<Any, Any> call) {
        this.id = id;
        this.call = call;
    }

    /** Opens a stream; when this returns, containerd knows it. */
    static AnyStream open(Channel channel, MethodDescriptor<Any, Any> method, String purpose) {
        AnyStream stream = new AnyStream(purpose + "-" + UUID.randomUUID(), Connection.bidi(channel, method));
        Connection.exchange(
                stream.call,
                any(
                        "containerd.services.streaming.v1.StreamInit",
                        StreamInit.newBuilder().setId(stream.id).build()));
        return stream;
    }

    String id() {
        return id;
    }

    /** Reads the progress of a transfer until the stream ends. */
    static void progress(AnyStream stream, Consumer<TransferProgress> receiver) {
        try {
            for (Any message = stream.read(); message != null; message = stream.read()) {
                Progress progress = Progress.parseFrom(message.getValue());
                receiver.accept(new TransferProgress(
                        progress.getEvent(),
                        progress.getName(),
                        progress.getParentsList(),
                        progress.getProgress(),
                        progress.getTotal(),
                        progress.hasDesc() ? Descriptors.fromProto(progress.getDesc()) : null));
            }
        } catch (InvalidProtocolBufferException e) {
            log.error("malformed progress: {}", e.getMessage());
        }
    }

    /** Answers containerd's questions about credentials until the stream ends. */
    static void authenticate(AnyStream stream, Credentials credentials) {
        try {
            for (Any message = stream.read(); message != null; message = stream.read()) {
                AuthRequest request = AuthRequest.parseFrom(message.getValue());
                AuthResponse answer =
                        switch (credentials.forHost(request.getHost(), request.getReference())) {
                            case Credentials.Answer.Anonymous none ->
                                AuthResponse.newBuilder()
                                        .setAuthType(AuthType.NONE)
                                        .build();
                            case Credentials.Answer.Password password ->
                                AuthResponse.newBuilder()
                                        .setAuthType(AuthType.CREDENTIALS)
                                        .setUsername(password.user())
                                        .setSecret(password.password())
                                        .build();
                            case Credentials.Answer.RefreshToken token ->
                                AuthResponse.newBuilder()
                                        .setAuthType(AuthType.REFRESH)
                                        .setSecret(token.token())
                                        .build();
                        };
                stream.write(any(TYPES + "AuthResponse", answer));
            }
        } catch (InvalidProtocolBufferException e) {
            log.error("malformed question for credentials: {}", e.getMessage());
        }
    }

    /**
     * Sends bytes as containerd asks for them, until their end or until containerd wants no more.
     *
     * @throws IOException from reading the bytes; the stream is broken off then
     */
    void send(InputStream bytes) throws IOException {
        var buffer = new byte[LARGEST];
        int window = 0;
        boolean done = false;
        try {
            while (true) {
                for (; window <= 0; window += window(read())) {
                    if (ended) {
                        done = true;
                        return;
                    }
                }
                int count = bytes.read(buffer, 0, Math.min(buffer.length, window));
                if (count < 0) {
                    call.halfClose();
                    done = true;
                    return;
                }
                write(any(
                        TYPES + "Data",
                        Data.newBuilder()
                                .setData(ByteString.copyFrom(buffer, 0, count))
                                .build()));
                window -= count;
            }
        } finally {
            if (!done) {
                call.cancel("the source of the bytes failed", null);
            }
        }
    }

    private static int window(@Nullable Any message) throws IOException {
        return message == null ? 0 : WindowUpdate.parseFrom(message.getValue()).getUpdate();
    }

    /** Takes bytes as they come, until containerd ends the stream. */
    void receive(OutputStream bytes) throws IOException {
        int window = 0;
        while (true) {
            if (window <= WINDOW / 2) {
                write(any(
                        TYPES + "WindowUpdate",
                        WindowUpdate.newBuilder().setUpdate(WINDOW - window).build()));
                window = WINDOW;
            }
            var message = read();
            if (message == null) {
                return;
            }
            var data = Data.parseFrom(message.getValue()).getData();
            data.writeTo(bytes);
            window -= data.size();
        }
    }

    private @Nullable Any read() {
        try {
            return early.isEmpty() ? next(ALWAYS_MS) : early.poll();
        } catch (TimeoutException e) {
            throw new IllegalStateException("a message did not come in a year", e);
        }
    }

    /** The next message that comes within so many milliseconds; null at the stream's end. */
    private @Nullable Any next(long milliseconds) throws TimeoutException {
        try {
            var message = call.read(milliseconds, TimeUnit.MILLISECONDS);
            ended |= message == null;
            return message;
        } catch (StatusException e) {
            log.debug("stream {} ended: {}", id, e.getStatus());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended = true;
        return null;
    }

    /**
     * Writes when the other side takes it. A stream that it has ended takes nothing any more, but tells its end only when all
     * that it sent before has been read: so what comes meanwhile is read here and kept for {@link #read}.
     */
    private void write(Any message) {
        while (!ended) {
            try {
                call.write(message, SOON_MS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                keepNext();
            } catch (StatusException e) {
                log.debug("stream {} ended: {}", id, e.getStatus());
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void keepNext() {
        try {
            var message = next(SOON_MS);
            if (message != null) {
                early.add(message);
            }
        } catch (TimeoutException e) {
            return; // nothing came: perhaps it takes the message now
        }
    }

    /** Lets a reader have what was sent before the transfer's end; containerd then closes the stream. */
    void awaitEnd(Thread reader) {
        call.halfClose();
        try {
            reader.join(LAST_MESSAGES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        call.cancel("done", null);
    }

    private static Any any(String type, MessageLite message) {
        return Any.newBuilder()
                .setTypeUrl(type)
                .setValue(message.toByteString())
                .build();
    }
}
