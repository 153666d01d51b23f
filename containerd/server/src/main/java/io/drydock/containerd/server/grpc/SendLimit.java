package io.drydock.containerd.server.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** Refuses to send messages that are too large, in the original's words. */
final class SendLimit implements ServerInterceptor {
    private final int most;

    /** @param most bytes of a message */
    SendLimit(int most) {
        this.most = most;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        return next.startCall(
                new SimpleForwardingServerCall<>(call) {
                    @Override
                    public void sendMessage(R message) {
                        if (message instanceof MessageLite lite && lite.getSerializedSize() > most) {
                            throw Status.RESOURCE_EXHAUSTED
                                    .withDescription("trying to send message larger than max ("
                                            + lite.getSerializedSize() + " vs. " + most + ")")
                                    .asRuntimeException();
                        }
                        super.sendMessage(message);
                    }
                },
                headers);
    }
}
