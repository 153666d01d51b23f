package io.drydock.containerd.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import io.drydock.spec.containerd.services.containers.v1.ContainersGrpc;
import io.drydock.spec.containerd.services.containers.v1.CreateContainerRequest;
import io.drydock.spec.containerd.services.containers.v1.DeleteContainerRequest;
import io.drydock.spec.containerd.services.containers.v1.GetContainerRequest;
import io.drydock.spec.containerd.services.containers.v1.ListContainersRequest;
import io.drydock.spec.containerd.services.containers.v1.UpdateContainerRequest;
import io.grpc.Channel;
import java.util.List;
import java.util.Map;

/** Containers: metadata only. Their processes are {@link Tasks}. */
public final class Containers {
    private static final String SPEC = "types.containerd.io/opencontainers/runtime-spec/1/Spec";

    private final Channel channel;

    Containers(Channel channel) {
        this.channel = channel;
    }

    /** Creates a container; fails with ALREADY_EXISTS if its id is taken. */
    public void create(Container container) {
        Connection.call(
                channel,
                ContainersGrpc.getCreateMethod(),
                CreateContainerRequest.newBuilder()
                        .setContainer(toProto(container))
                        .build(),
                Connection.SHORT);
    }

    /** One container; fails with NOT_FOUND. */
    public Container get(String id) {
        return fromProto(Connection.call(
                        channel,
                        ContainersGrpc.getGetMethod(),
                        GetContainerRequest.newBuilder().setId(id).build(),
                        Connection.SHORT)
                .getContainer());
    }

    /** The containers that match any of the filters, all if there are none. */
    public List<Container> list(String... filters) {
        return Connection.call(
                        channel,
                        ContainersGrpc.getListMethod(),
                        ListContainersRequest.newBuilder()
                                .addAllFilters(List.of(filters))
                                .build(),
                        Connection.SHORT)
                .getContainersList()
                .stream()
                .map(Containers::fromProto)
                .toList();
    }

    /** Replaces the spec, as before a restart with other options. */
    public void updateSpec(String id, byte[] spec) {
        update(
                io.drydock.spec.containerd.services.containers.v1.Container.newBuilder()
                        .setId(id)
                        .setSpec(spec(spec))
                        .build(),
                "spec");
    }

    /** Sets labels; one with an empty value is removed. */
    public void updateLabels(String id, Map<String, String> labels) {
        update(
                io.drydock.spec.containerd.services.containers.v1.Container.newBuilder()
                        .setId(id)
                        .putAllLabels(labels)
                        .build(),
                labels.keySet().stream().map(label -> "labels." + label).toArray(String[]::new));
    }

    private void update(io.drydock.spec.containerd.services.containers.v1.Container container, String... fields) {
        Connection.call(
                channel,
                ContainersGrpc.getUpdateMethod(),
                UpdateContainerRequest.newBuilder()
                        .setContainer(container)
                        .setUpdateMask(FieldMask.newBuilder().addAllPaths(List.of(fields)))
                        .build(),
                Connection.SHORT);
    }

    /** Deletes a container that has no task; fails with NOT_FOUND. */
    public void delete(String id) {
        Connection.call(
                channel,
                ContainersGrpc.getDeleteMethod(),
                DeleteContainerRequest.newBuilder().setId(id).build(),
                Connection.SHORT);
    }

    private static io.drydock.spec.containerd.services.containers.v1.Container toProto(Container container) {
        var runtime = io.drydock.spec.containerd.services.containers.v1.Container.Runtime.newBuilder()
                .setName(container.runtime());
        if (container.options() != null) {
            runtime.setOptions(container.options().toAny());
        }
        return io.drydock.spec.containerd.services.containers.v1.Container.newBuilder()
                .setId(container.id())
                .putAllLabels(container.labels())
                .setImage(container.image())
                .setRuntime(runtime)
                .setSpec(spec(container.spec()))
                .setSnapshotter(container.snapshotter())
                .setSnapshotKey(container.snapshotKey())
                .build();
    }

    private static Container fromProto(io.drydock.spec.containerd.services.containers.v1.Container container) {
        return new Container(
                container.getId(),
                container.getLabelsMap(),
                container.getImage(),
                container.getRuntime().getName(),
                null,
                container.getSpec().getValue().toByteArray(),
                container.getSnapshotter(),
                container.getSnapshotKey());
    }

    private static Any spec(byte[] json) {
        return Any.newBuilder()
                .setTypeUrl(SPEC)
                .setValue(ByteString.copyFrom(json))
                .build();
    }
}
