package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.server.grpc.Times;
import io.drydock.containerd.stores.gc.GarbageCollector;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.spec.containerd.services.leases.v1.AddResourceRequest;
import io.drydock.spec.containerd.services.leases.v1.CreateRequest;
import io.drydock.spec.containerd.services.leases.v1.CreateResponse;
import io.drydock.spec.containerd.services.leases.v1.DeleteRequest;
import io.drydock.spec.containerd.services.leases.v1.DeleteResourceRequest;
import io.drydock.spec.containerd.services.leases.v1.Lease;
import io.drydock.spec.containerd.services.leases.v1.LeasesGrpc;
import io.drydock.spec.containerd.services.leases.v1.ListRequest;
import io.drydock.spec.containerd.services.leases.v1.ListResourcesRequest;
import io.drydock.spec.containerd.services.leases.v1.ListResourcesResponse;
import io.drydock.spec.containerd.services.leases.v1.ListResponse;
import io.drydock.spec.containerd.services.leases.v1.Resource;
import io.grpc.stub.StreamObserver;
import java.util.UUID;

/** The service {@code containerd.services.leases.v1.Leases}. */
public final class LeasesService extends LeasesGrpc.LeasesImplBase {
    private final Leases leases;
    private final GarbageCollector collector;

    public LeasesService(Leases leases, GarbageCollector collector) {
        this.leases = leases;
        this.collector = collector;
    }

    private static Lease proto(Leases.Lease lease) {
        return Lease.newBuilder()
                .setId(lease.id())
                .setCreatedAt(Times.proto(lease.createdAt()))
                .putAllLabels(lease.labels())
                .build();
    }

    private static Leases.Resource resource(Resource resource) {
        return new Leases.Resource(resource.getType(), resource.getId());
    }

    @Override
    public void create(CreateRequest request, StreamObserver<CreateResponse> out) {
        Answers.unary(out, () -> {
            var id = request.getId().isEmpty() ? UUID.randomUUID().toString() : request.getId();
            return CreateResponse.newBuilder()
                    .setLease(proto(leases.create(Scope.namespace(), id, request.getLabelsMap())))
                    .build();
        });
    }

    @Override
    public void delete(DeleteRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            leases.delete(Scope.namespace(), request.getId());
            if (request.getSync()) {
                collector.collect();
            } else {
                collector.soon();
            }
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void list(ListRequest request, StreamObserver<ListResponse> out) {
        Answers.unary(out, () -> {
            var answer = ListResponse.newBuilder();
            leases.list(Scope.namespace(), Filter.parse(request.getFiltersList()))
                    .forEach(lease -> answer.addLeases(proto(lease)));
            return answer.build();
        });
    }

    @Override
    public void addResource(AddResourceRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            leases.add(Scope.namespace(), request.getId(), resource(request.getResource()));
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void deleteResource(DeleteResourceRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            leases.remove(Scope.namespace(), request.getId(), resource(request.getResource()));
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void listResources(ListResourcesRequest request, StreamObserver<ListResourcesResponse> out) {
        Answers.unary(out, () -> {
            var answer = ListResourcesResponse.newBuilder();
            leases.resources(Scope.namespace(), request.getId())
                    .forEach(resource -> answer.addResources(
                            Resource.newBuilder().setType(resource.type()).setId(resource.id())));
            return answer.build();
        });
    }
}
