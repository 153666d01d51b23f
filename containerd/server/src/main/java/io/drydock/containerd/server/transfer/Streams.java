package io.drydock.containerd.server.transfer;

import com.google.protobuf.Any;
import io.drydock.containerd.core.ContainerdError;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The streams that clients have opened and other calls may ask for by their ids. */
public final class Streams {
    private final Map<String, Open> open = new ConcurrentHashMap<>();

    /** An open stream. Safe for threads. */
    final class Open {
        private static final Any END = Any.newBuilder().setTypeUrl("end").build();
        private static final Any BROKEN = Any.newBuilder().setTypeUrl("broken").build();

        private final String key;
        private final ServerCallStreamObserver<Any> out;
        private final LinkedBlockingQueue<Any> received = new LinkedBlockingQueue<>();
        private boolean ended;

        private Open(String key, StreamObserver<Any> out) {
            this.key = key;
            this.out = (ServerCallStreamObserver<Any>) out;
        }

        /** Sends a message; one to a client that is gone is dropped. */
        synchronized void send(Any message) {
            if (!ended && !out.isCancelled()) {
                out.onNext(message);
            }
        }

        /** Whether a message would not wait in a queue. */
        boolean isReady() {
            return out.isReady();
        }

        /** The next message; null when the client has none or the time is over. */
        @Nullable
        Any receive(Duration patience) throws InterruptedException {
            var message = received.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            return message == END || message == BROKEN ? null : message;
        }

        /**
         * The next message, however long it takes; null when the client has ended its side.
         *
         * @throws IOException if the client has gone
         */
        @Nullable
        Any take() throws IOException {
            try {
                var message = received.take();
                if (message == BROKEN) {
                    throw new IOException("the client's stream broke off");
                }
                return message == END ? null : message;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stream cancelled");
            }
        }

        void received(Any message) {
            received.add(message);
        }

        void receivedEnd() {
            received.add(END);
        }

        void receivedFailure() {
            received.add(BROKEN);
        }

        /** Ends the stream from this side. */
        synchronized void end() {
            if (!ended) {
                ended = true;
                open.remove(key);
                if (!out.isCancelled()) {
                    out.onCompleted();
                }
            }
        }
    }

    /** Registers a stream. */
    Open add(String namespace, String id, StreamObserver<Any> out) {
        var stream = new Open(namespace + "/" + id, out);
        if (open.putIfAbsent(stream.key, stream) != null) {
            throw ContainerdError.alreadyExists("stream \"" + id + "\"");
        }
        return stream;
    }

    /** A stream by its id; throws NOT_FOUND. */
    Open get(String namespace, String id) {
        var stream = open.get(namespace + "/" + id);
        if (stream == null) {
            throw ContainerdError.notFound("stream \"" + id + "\"");
        }
        return stream;
    }
}
