package io.drydock.containerd.server.services;

import io.drydock.containerd.core.Filter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.stores.metadata.Sandboxes;
import io.drydock.spec.containerd.services.sandbox.v1.StoreCreateRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreCreateResponse;
import io.drydock.spec.containerd.services.sandbox.v1.StoreDeleteRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreDeleteResponse;
import io.drydock.spec.containerd.services.sandbox.v1.StoreGetRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreGetResponse;
import io.drydock.spec.containerd.services.sandbox.v1.StoreGrpc;
import io.drydock.spec.containerd.services.sandbox.v1.StoreListRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreListResponse;
import io.drydock.spec.containerd.services.sandbox.v1.StoreUpdateRequest;
import io.drydock.spec.containerd.services.sandbox.v1.StoreUpdateResponse;
import io.grpc.stub.StreamObserver;

/** The service {@code containerd.services.sandbox.v1.Store}. */
public final class SandboxStoreService extends StoreGrpc.StoreImplBase {
    private final Sandboxes sandboxes;

    public SandboxStoreService(Sandboxes sandboxes) {
        this.sandboxes = sandboxes;
    }

    @Override
    public void create(StoreCreateRequest request, StreamObserver<StoreCreateResponse> out) {
        Answers.unary(
                out,
                () -> StoreCreateResponse.newBuilder()
                        .setSandbox(sandboxes.create(Scope.namespace(), request.getSandbox()))
                        .build());
    }

    @Override
    public void update(StoreUpdateRequest request, StreamObserver<StoreUpdateResponse> out) {
        Answers.unary(
                out,
                () -> StoreUpdateResponse.newBuilder()
                        .setSandbox(sandboxes.update(Scope.namespace(), request.getSandbox(), request.getFieldsList()))
                        .build());
    }

    @Override
    public void delete(StoreDeleteRequest request, StreamObserver<StoreDeleteResponse> out) {
        Answers.unary(out, () -> {
            sandboxes.delete(Scope.namespace(), request.getSandboxId());
            return StoreDeleteResponse.getDefaultInstance();
        });
    }

    @Override
    public void list(StoreListRequest request, StreamObserver<StoreListResponse> out) {
        Answers.unary(
                out,
                () -> StoreListResponse.newBuilder()
                        .addAllList(sandboxes.list(Scope.namespace(), Filter.parse(request.getFiltersList())))
                        .build());
    }

    @Override
    public void get(StoreGetRequest request, StreamObserver<StoreGetResponse> out) {
        Answers.unary(
                out,
                () -> StoreGetResponse.newBuilder()
                        .setSandbox(sandboxes.get(Scope.namespace(), request.getSandboxId()))
                        .build());
    }
}
