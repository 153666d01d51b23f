package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Downstream;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.stores.gc.GarbageCollector;
import io.drydock.containerd.stores.metadata.Containers;
import io.drydock.spec.containerd.events.ContainerCreate;
import io.drydock.spec.containerd.events.ContainerDelete;
import io.drydock.spec.containerd.events.ContainerUpdate;
import io.drydock.spec.containerd.services.containers.v1.ContainersGrpc;
import io.drydock.spec.containerd.services.containers.v1.CreateContainerRequest;
import io.drydock.spec.containerd.services.containers.v1.CreateContainerResponse;
import io.drydock.spec.containerd.services.containers.v1.DeleteContainerRequest;
import io.drydock.spec.containerd.services.containers.v1.GetContainerRequest;
import io.drydock.spec.containerd.services.containers.v1.GetContainerResponse;
import io.drydock.spec.containerd.services.containers.v1.ListContainerMessage;
import io.drydock.spec.containerd.services.containers.v1.ListContainersRequest;
import io.drydock.spec.containerd.services.containers.v1.ListContainersResponse;
import io.drydock.spec.containerd.services.containers.v1.UpdateContainerRequest;
import io.drydock.spec.containerd.services.containers.v1.UpdateContainerResponse;
import io.grpc.stub.StreamObserver;

/** The service {@code containerd.services.containers.v1.Containers}. */
public final class ContainersService extends ContainersGrpc.ContainersImplBase {
    private final Containers containers;
    private final EventBus events;
    private final GarbageCollector collector;

    public ContainersService(Containers containers, EventBus events, GarbageCollector collector) {
        this.containers = containers;
        this.events = events;
        this.collector = collector;
    }

    @Override
    public void get(GetContainerRequest request, StreamObserver<GetContainerResponse> out) {
        Answers.unary(
                out,
                () -> GetContainerResponse.newBuilder()
                        .setContainer(containers.get(Scope.namespace(), request.getId()))
                        .build());
    }

    @Override
    public void list(ListContainersRequest request, StreamObserver<ListContainersResponse> out) {
        Answers.unary(
                out,
                () -> ListContainersResponse.newBuilder()
                        .addAllContainers(containers.list(Scope.namespace(), Filter.parse(request.getFiltersList())))
                        .build());
    }

    @Override
    public void listStream(ListContainersRequest request, StreamObserver<ListContainerMessage> out) {
        Downstream.start(out, "list-containers", down -> {
            for (var container : containers.list(Scope.namespace(), Filter.parse(request.getFiltersList()))) {
                down.send(ListContainerMessage.newBuilder()
                        .setContainer(container)
                        .build());
            }
        });
    }

    @Override
    public void create(CreateContainerRequest request, StreamObserver<CreateContainerResponse> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            var container = containers.create(namespace, request.getContainer());
            events.publish(
                    namespace,
                    "/containers/create",
                    ContainerCreate.newBuilder()
                            .setId(container.getId())
                            .setImage(container.getImage())
                            .setRuntime(ContainerCreate.Runtime.newBuilder()
                                    .setName(container.getRuntime().getName())
                                    .setOptions(container.getRuntime().getOptions()))
                            .build());
            return CreateContainerResponse.newBuilder().setContainer(container).build();
        });
    }

    @Override
    public void update(UpdateContainerRequest request, StreamObserver<UpdateContainerResponse> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            var container = containers.update(
                    namespace, request.getContainer(), request.getUpdateMask().getPathsList());
            events.publish(
                    namespace,
                    "/containers/update",
                    ContainerUpdate.newBuilder()
                            .setId(container.getId())
                            .setImage(container.getImage())
                            .putAllLabels(container.getLabelsMap())
                            .setSnapshotKey(container.getSnapshotKey())
                            .build());
            return UpdateContainerResponse.newBuilder().setContainer(container).build();
        });
    }

    @Override
    public void delete(DeleteContainerRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            containers.delete(namespace, request.getId());
            events.publish(
                    namespace,
                    "/containers/delete",
                    ContainerDelete.newBuilder().setId(request.getId()).build());
            collector.soon();
            return Empty.getDefaultInstance();
        });
    }
}
