package io.drydock.containerd.server.transfer;

import com.google.protobuf.Any;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.spec.containerd.services.streaming.v1.StreamInit;
import io.drydock.spec.containerd.services.streaming.v1.StreamingGrpc;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/** The service {@code containerd.services.streaming.v1.Streaming}: a stream's first message names it, and is answered. */
public final class StreamingService extends StreamingGrpc.StreamingImplBase {
    private final Streams streams;

    public StreamingService(Streams streams) {
        this.streams = streams;
    }

    @Override
    public StreamObserver<Any> stream(StreamObserver<Any> out) {
        var incoming = new Incoming(streams, out);
        ((ServerCallStreamObserver<Any>) out).setOnCancelHandler(incoming::close);
        return incoming;
    }

    /** What the client sends. gRPC calls its methods one after the other. */
    private static final class Incoming implements StreamObserver<Any> {
        private final Streams streams;
        private final StreamObserver<Any> out;
        private Streams.@Nullable Open stream;

        Incoming(Streams streams, StreamObserver<Any> out) {
            this.streams = streams;
            this.out = out;
        }

        @Override
        public void onNext(Any message) {
            if (stream != null) {
                stream.received(message);
                return;
            }
            try {
                var id = StreamInit.parseFrom(message.getValue()).getId();
                if (id.isEmpty()) {
                    throw ContainerdError.invalid("stream id must not be empty");
                }
                stream = streams.add(Scope.namespace(), id, out);
                stream.send(EventBus.pack(Empty.getDefaultInstance()));
            } catch (InvalidProtocolBufferException e) {
                out.onError(Answers.status(ContainerdError.invalid("first message must be a StreamInit")));
            } catch (ContainerdError e) {
                out.onError(Answers.status(e));
            }
        }

        @Override
        public void onError(Throwable failure) {
            close();
        }

        @Override
        public void onCompleted() {
            if (stream == null) {
                out.onCompleted();
            } else {
                stream.receivedEnd();
                // nobody may have asked for it, and nobody will: the client is done
                stream.end();
            }
        }

        private void close() {
            if (stream != null) {
                stream.receivedFailure();
                stream.end();
            }
        }
    }
}
