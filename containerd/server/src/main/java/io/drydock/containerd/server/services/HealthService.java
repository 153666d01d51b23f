package io.drydock.containerd.server.services;

import io.drydock.containerd.server.grpc.Downstream;
import io.drydock.spec.containerd.health.v1.HealthCheckRequest;
import io.drydock.spec.containerd.health.v1.HealthCheckResponse;
import io.drydock.spec.containerd.health.v1.HealthGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;

/** The service {@code grpc.health.v1.Health}: whoever gets an answer knows that the server serves. */
public final class HealthService extends HealthGrpc.HealthImplBase {
    @Override
    public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
        if (!request.getService().isEmpty()) {
            out.onError(Status.NOT_FOUND.withDescription("unknown service").asRuntimeException());
            return;
        }
        out.onNext(HealthCheckResponse.newBuilder()
                .setStatus(HealthCheckResponse.ServingStatus.SERVING)
                .build());
        out.onCompleted();
    }

    /** Answers once, and again never: a server that does not serve any more ends the call. */
    @Override
    public void watch(HealthCheckRequest request, StreamObserver<HealthCheckResponse> out) {
        var status = request.getService().isEmpty()
                ? HealthCheckResponse.ServingStatus.SERVING
                : HealthCheckResponse.ServingStatus.SERVICE_UNKNOWN;
        Downstream.start(out, "health", down -> {
            down.send(HealthCheckResponse.newBuilder().setStatus(status).build());
            new CountDownLatch(1).await(); // until the client or the server goes away
        });
    }
}
