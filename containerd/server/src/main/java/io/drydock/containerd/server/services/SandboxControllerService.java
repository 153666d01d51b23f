package io.drydock.containerd.server.services;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerCreateRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerCreateResponse;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerGrpc;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerMetricsRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerMetricsResponse;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerPlatformRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerPlatformResponse;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerShutdownRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerShutdownResponse;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerStartRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerStartResponse;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerStatusRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerStatusResponse;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerStopRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerStopResponse;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerUpdateRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerUpdateResponse;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerWaitRequest;
import io.drydock.spec.containerd.services.sandbox.v1.ControllerWaitResponse;
import io.grpc.stub.StreamObserver;

/**
 * The service {@code containerd.services.sandbox.v1.Controller}. The controllers of the original are parts of its CRI and of
 * shims with a sandbox API, neither of which is here: calls are answered as the original answers for a controller that it has
 * not.
 */
public final class SandboxControllerService extends ControllerGrpc.ControllerImplBase {
    private static <R> R refused(String controller) {
        Scope.namespace();
        throw controller.isEmpty()
                ? ContainerdError.invalid("sandbox controller name can not be empty")
                : ContainerdError.notFound("failed to get sandbox controller by " + controller);
    }

    @Override
    public void create(ControllerCreateRequest request, StreamObserver<ControllerCreateResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }

    @Override
    public void start(ControllerStartRequest request, StreamObserver<ControllerStartResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }

    @Override
    public void platform(ControllerPlatformRequest request, StreamObserver<ControllerPlatformResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }

    @Override
    public void stop(ControllerStopRequest request, StreamObserver<ControllerStopResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }

    @Override
    public void wait(ControllerWaitRequest request, StreamObserver<ControllerWaitResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }

    @Override
    public void status(ControllerStatusRequest request, StreamObserver<ControllerStatusResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }

    @Override
    public void shutdown(ControllerShutdownRequest request, StreamObserver<ControllerShutdownResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }

    @Override
    public void metrics(ControllerMetricsRequest request, StreamObserver<ControllerMetricsResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }

    @Override
    public void update(ControllerUpdateRequest request, StreamObserver<ControllerUpdateResponse> out) {
        Answers.unary(out, () -> refused(request.getSandboxer()));
    }
}
