package io.drydock.containerd.server.services;

import io.drydock.spec.containerd.health.v1.HealthCheckRequest;
import io.drydock.spec.containerd.health.v1.HealthCheckResponse;
import io.drydock.spec.containerd.health.v1.HealthGrpc;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

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
}
