package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.stores.metadata.Namespaces;
import io.drydock.spec.containerd.events.NamespaceCreate;
import io.drydock.spec.containerd.events.NamespaceDelete;
import io.drydock.spec.containerd.events.NamespaceUpdate;
import io.drydock.spec.containerd.services.namespaces.v1.CreateNamespaceRequest;
import io.drydock.spec.containerd.services.namespaces.v1.CreateNamespaceResponse;
import io.drydock.spec.containerd.services.namespaces.v1.DeleteNamespaceRequest;
import io.drydock.spec.containerd.services.namespaces.v1.GetNamespaceRequest;
import io.drydock.spec.containerd.services.namespaces.v1.GetNamespaceResponse;
import io.drydock.spec.containerd.services.namespaces.v1.ListNamespacesRequest;
import io.drydock.spec.containerd.services.namespaces.v1.ListNamespacesResponse;
import io.drydock.spec.containerd.services.namespaces.v1.Namespace;
import io.drydock.spec.containerd.services.namespaces.v1.NamespacesGrpc;
import io.drydock.spec.containerd.services.namespaces.v1.UpdateNamespaceRequest;
import io.drydock.spec.containerd.services.namespaces.v1.UpdateNamespaceResponse;
import io.grpc.stub.StreamObserver;
import java.util.Map;

/** The service {@code containerd.services.namespaces.v1.Namespaces}. */
public final class NamespacesService extends NamespacesGrpc.NamespacesImplBase {
    private final Namespaces namespaces;
    private final EventBus events;

    public NamespacesService(Namespaces namespaces, EventBus events) {
        this.namespaces = namespaces;
        this.events = events;
    }

    private static Namespace proto(String name, Map<String, String> labels) {
        return Namespace.newBuilder().setName(name).putAllLabels(labels).build();
    }

    @Override
    public void get(GetNamespaceRequest request, StreamObserver<GetNamespaceResponse> out) {
        Answers.unary(
                out,
                () -> GetNamespaceResponse.newBuilder()
                        .setNamespace(proto(request.getName(), namespaces.labels(request.getName())))
                        .build());
    }

    @Override
    public void list(ListNamespacesRequest request, StreamObserver<ListNamespacesResponse> out) {
        Answers.unary(out, () -> {
            var answer = ListNamespacesResponse.newBuilder();
            namespaces.list().forEach((name, labels) -> answer.addNamespaces(proto(name, labels)));
            return answer.build();
        });
    }

    @Override
    public void create(CreateNamespaceRequest request, StreamObserver<CreateNamespaceResponse> out) {
        Answers.unary(out, () -> {
            var wanted = request.getNamespace();
            namespaces.create(wanted.getName(), wanted.getLabelsMap());
            events.publish(
                    wanted.getName(),
                    "/namespaces/create",
                    NamespaceCreate.newBuilder()
                            .setName(wanted.getName())
                            .putAllLabels(wanted.getLabelsMap())
                            .build());
            return CreateNamespaceResponse.newBuilder().setNamespace(wanted).build();
        });
    }

    @Override
    public void update(UpdateNamespaceRequest request, StreamObserver<UpdateNamespaceResponse> out) {
        Answers.unary(out, () -> {
            var wanted = request.getNamespace();
            var labels = namespaces.update(
                    wanted.getName(),
                    wanted.getLabelsMap(),
                    request.getUpdateMask().getPathsList());
            events.publish(
                    wanted.getName(),
                    "/namespaces/update",
                    NamespaceUpdate.newBuilder()
                            .setName(wanted.getName())
                            .putAllLabels(labels)
                            .build());
            return UpdateNamespaceResponse.newBuilder()
                    .setNamespace(proto(wanted.getName(), labels))
                    .build();
        });
    }

    @Override
    public void delete(DeleteNamespaceRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            namespaces.delete(request.getName());
            events.publish(
                    request.getName(),
                    "/namespaces/delete",
                    NamespaceDelete.newBuilder().setName(request.getName()).build());
            return Empty.getDefaultInstance();
        });
    }
}
