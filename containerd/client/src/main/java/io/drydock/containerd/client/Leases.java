package io.drydock.containerd.client;

import io.drydock.spec.containerd.services.leases.v1.AddResourceRequest;
import io.drydock.spec.containerd.services.leases.v1.CreateRequest;
import io.drydock.spec.containerd.services.leases.v1.DeleteRequest;
import io.drydock.spec.containerd.services.leases.v1.DeleteResourceRequest;
import io.drydock.spec.containerd.services.leases.v1.LeasesGrpc;
import io.drydock.spec.containerd.services.leases.v1.ListRequest;
import io.drydock.spec.containerd.services.leases.v1.ListResourcesRequest;
import io.drydock.spec.containerd.services.leases.v1.Resource;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Leases: what is made under one, or added to it, is not collected. */
public final class Leases {
    private static final Duration COLLECT = Duration.ofMinutes(5);

    private final Channel channel;

    Leases(Channel channel) {
        this.channel = channel;
    }

    /**
     * Creates a lease.
     *
     * @param id empty to let containerd choose
     * @param labels among them {@link Lease#EXPIRE}, if it shall end by itself
     */
    public Lease create(String id, Map<String, String> labels) {
        return fromProto(Connection.call(
                        channel,
                        LeasesGrpc.getCreateMethod(),
                        CreateRequest.newBuilder()
                                .setId(id)
                                .putAllLabels(labels)
                                .build(),
                        Connection.SHORT)
                .getLease());
    }

    /**
     * Deletes a lease; fails with NOT_FOUND.
     *
     * @param sync wait until what nothing refers to any more is collected
     */
    public void delete(String id, boolean sync) {
        Connection.call(
                channel,
                LeasesGrpc.getDeleteMethod(),
                DeleteRequest.newBuilder().setId(id).setSync(sync).build(),
                COLLECT);
    }

    /** The leases that match any of the filters, all if there are none. */
    public List<Lease> list(String... filters) {
        return Connection.call(
                        channel,
                        LeasesGrpc.getListMethod(),
                        ListRequest.newBuilder().addAllFilters(List.of(filters)).build(),
                        Connection.SHORT)
                .getLeasesList()
                .stream()
                .map(Leases::fromProto)
                .toList();
    }

    /** Lets a lease hold something that exists. */
    public void add(String id, Lease.Resource resource) {
        Connection.call(
                channel,
                LeasesGrpc.getAddResourceMethod(),
                AddResourceRequest.newBuilder()
                        .setId(id)
                        .setResource(toProto(resource))
                        .build(),
                Connection.SHORT);
    }

    /** Lets a lease hold something no longer. */
    public void remove(String id, Lease.Resource resource) {
        Connection.call(
                channel,
                LeasesGrpc.getDeleteResourceMethod(),
                DeleteResourceRequest.newBuilder()
                        .setId(id)
                        .setResource(toProto(resource))
                        .build(),
                Connection.SHORT);
    }

    /** What a lease holds. */
    public List<Lease.Resource> resources(String id) {
        return Connection.call(
                        channel,
                        LeasesGrpc.getListResourcesMethod(),
                        ListResourcesRequest.newBuilder().setId(id).build(),
                        Connection.SHORT)
                .getResourcesList()
                .stream()
                .map(resource -> new Lease.Resource(resource.getId(), resource.getType()))
                .toList();
    }

    private static Resource toProto(Lease.Resource resource) {
        return Resource.newBuilder()
                .setId(resource.id())
                .setType(resource.type())
                .build();
    }

    private static Lease fromProto(io.drydock.spec.containerd.services.leases.v1.Lease lease) {
        return new Lease(lease.getId(), Connection.instant(lease.getCreatedAt()), lease.getLabelsMap());
    }
}
