package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Downstream;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.server.grpc.Times;
import io.drydock.spec.containerd.events.SnapshotCommit;
import io.drydock.spec.containerd.events.SnapshotPrepare;
import io.drydock.spec.containerd.events.SnapshotRemove;
import io.drydock.spec.containerd.services.snapshots.v1.CleanupRequest;
import io.drydock.spec.containerd.services.snapshots.v1.CommitSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.Info;
import io.drydock.spec.containerd.services.snapshots.v1.Kind;
import io.drydock.spec.containerd.services.snapshots.v1.ListSnapshotsRequest;
import io.drydock.spec.containerd.services.snapshots.v1.ListSnapshotsResponse;
import io.drydock.spec.containerd.services.snapshots.v1.MountsRequest;
import io.drydock.spec.containerd.services.snapshots.v1.MountsResponse;
import io.drydock.spec.containerd.services.snapshots.v1.PrepareSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.PrepareSnapshotResponse;
import io.drydock.spec.containerd.services.snapshots.v1.RemoveSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.SnapshotsGrpc;
import io.drydock.spec.containerd.services.snapshots.v1.StatSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.StatSnapshotResponse;
import io.drydock.spec.containerd.services.snapshots.v1.UpdateSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.UpdateSnapshotResponse;
import io.drydock.spec.containerd.services.snapshots.v1.UsageRequest;
import io.drydock.spec.containerd.services.snapshots.v1.UsageResponse;
import io.drydock.spec.containerd.services.snapshots.v1.ViewSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.ViewSnapshotResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;

/** The service {@code containerd.services.snapshots.v1.Snapshots}. */
public final class SnapshotsService extends SnapshotsGrpc.SnapshotsImplBase {
    private static final int BATCH = 100;

    private final Map<String, Snapshotter> snapshotters;
    private final EventBus events;

    public SnapshotsService(Map<String, Snapshotter> snapshotters, EventBus events) {
        this.snapshotters = snapshotters;
        this.events = events;
    }

    private Snapshotter snapshotter(String name) {
        if (name.isEmpty()) {
            throw ContainerdError.invalid("snapshotter argument missing");
        }
        var found = snapshotters.get(name);
        if (found == null) {
            throw ContainerdError.invalid("snapshotter not loaded: " + name);
        }
        return found;
    }

    static List<io.drydock.spec.containerd.types.Mount> proto(List<Snapshotter.Mount> mounts) {
        return mounts.stream()
                .map(mount -> io.drydock.spec.containerd.types.Mount.newBuilder()
                        .setType(mount.type())
                        .setSource(mount.source())
                        .addAllOptions(mount.options())
                        .build())
                .toList();
    }

    private static Info proto(Snapshotter.Info info) {
        return Info.newBuilder()
                .setName(info.name())
                .setParent(info.parent())
                .setKind(
                        switch (info.kind()) {
                            case VIEW -> Kind.VIEW;
                            case ACTIVE -> Kind.ACTIVE;
                            case COMMITTED -> Kind.COMMITTED;
                        })
                .setCreatedAt(Times.proto(info.createdAt()))
                .setUpdatedAt(Times.proto(info.updatedAt()))
                .putAllLabels(info.labels())
                .build();
    }

    private void prepared(String namespace, String snapshotter, String key, String parent) {
        events.publish(
                namespace,
                "/snapshot/prepare",
                SnapshotPrepare.newBuilder()
                        .setKey(key)
                        .setParent(parent)
                        .setSnapshotter(snapshotter)
                        .build());
    }

    @Override
    public void prepare(PrepareSnapshotRequest request, StreamObserver<PrepareSnapshotResponse> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            var mounts = snapshotter(request.getSnapshotter())
                    .prepare(namespace, Scope.lease(), request.getKey(), request.getParent(), request.getLabelsMap());
            prepared(namespace, request.getSnapshotter(), request.getKey(), request.getParent());
            return PrepareSnapshotResponse.newBuilder()
                    .addAllMounts(proto(mounts))
                    .build();
        });
    }

    @Override
    public void view(ViewSnapshotRequest request, StreamObserver<ViewSnapshotResponse> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            var mounts = snapshotter(request.getSnapshotter())
                    .view(namespace, Scope.lease(), request.getKey(), request.getParent(), request.getLabelsMap());
            prepared(namespace, request.getSnapshotter(), request.getKey(), request.getParent());
            return ViewSnapshotResponse.newBuilder().addAllMounts(proto(mounts)).build();
        });
    }

    @Override
    public void mounts(MountsRequest request, StreamObserver<MountsResponse> out) {
        Answers.unary(
                out,
                () -> MountsResponse.newBuilder()
                        .addAllMounts(proto(
                                snapshotter(request.getSnapshotter()).mounts(Scope.namespace(), request.getKey())))
                        .build());
    }

    @Override
    public void commit(CommitSnapshotRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            snapshotter(request.getSnapshotter())
                    .commit(
                            namespace,
                            Scope.lease(),
                            request.getName(),
                            request.getKey(),
                            request.getParent(),
                            request.getLabelsMap());
            events.publish(
                    namespace,
                    "/snapshot/commit",
                    SnapshotCommit.newBuilder()
                            .setKey(request.getKey())
                            .setName(request.getName())
                            .setSnapshotter(request.getSnapshotter())
                            .build());
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void remove(RemoveSnapshotRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            snapshotter(request.getSnapshotter()).remove(namespace, request.getKey());
            events.publish(
                    namespace,
                    "/snapshot/remove",
                    SnapshotRemove.newBuilder()
                            .setKey(request.getKey())
                            .setSnapshotter(request.getSnapshotter())
                            .build());
            return Empty.getDefaultInstance();
        });
    }

    @Override
    public void stat(StatSnapshotRequest request, StreamObserver<StatSnapshotResponse> out) {
        Answers.unary(
                out,
                () -> StatSnapshotResponse.newBuilder()
                        .setInfo(proto(snapshotter(request.getSnapshotter()).stat(Scope.namespace(), request.getKey())))
                        .build());
    }

    @Override
    public void update(UpdateSnapshotRequest request, StreamObserver<UpdateSnapshotResponse> out) {
        Answers.unary(
                out,
                () -> UpdateSnapshotResponse.newBuilder()
                        .setInfo(proto(snapshotter(request.getSnapshotter())
                                .updateLabels(
                                        Scope.namespace(),
                                        request.getInfo().getName(),
                                        request.getInfo().getLabelsMap(),
                                        request.getUpdateMask().getPathsList())))
                        .build());
    }

    @Override
    public void list(ListSnapshotsRequest request, StreamObserver<ListSnapshotsResponse> out) {
        Downstream.start(out, "list-snapshots", down -> {
            var batch = ListSnapshotsResponse.newBuilder();
            for (var info : snapshotter(request.getSnapshotter())
                    .list(Scope.namespace(), Filter.parse(request.getFiltersList()))) {
                batch.addInfo(proto(info));
                if (batch.getInfoCount() == BATCH) {
                    down.send(batch.build());
                    batch.clear();
                }
            }
            if (batch.getInfoCount() > 0) {
                down.send(batch.build());
            }
        });
    }

    @Override
    public void usage(UsageRequest request, StreamObserver<UsageResponse> out) {
        Answers.unary(out, () -> {
            var usage = snapshotter(request.getSnapshotter()).usage(Scope.namespace(), request.getKey());
            return UsageResponse.newBuilder()
                    .setSize(usage.size())
                    .setInodes(usage.inodes())
                    .build();
        });
    }

    @Override
    public void cleanup(CleanupRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            snapshotter(request.getSnapshotter()).cleanup();
            return Empty.getDefaultInstance();
        });
    }
}
