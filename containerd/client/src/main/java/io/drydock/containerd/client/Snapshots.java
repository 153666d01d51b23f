package io.drydock.containerd.client;

import com.google.protobuf.FieldMask;
import io.drydock.spec.containerd.services.snapshots.v1.CleanupRequest;
import io.drydock.spec.containerd.services.snapshots.v1.CommitSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.Info;
import io.drydock.spec.containerd.services.snapshots.v1.ListSnapshotsRequest;
import io.drydock.spec.containerd.services.snapshots.v1.ListSnapshotsResponse;
import io.drydock.spec.containerd.services.snapshots.v1.MountsRequest;
import io.drydock.spec.containerd.services.snapshots.v1.PrepareSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.RemoveSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.SnapshotsGrpc;
import io.drydock.spec.containerd.services.snapshots.v1.StatSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.UpdateSnapshotRequest;
import io.drydock.spec.containerd.services.snapshots.v1.UsageRequest;
import io.drydock.spec.containerd.services.snapshots.v1.UsageResponse;
import io.drydock.spec.containerd.services.snapshots.v1.ViewSnapshotRequest;
import io.grpc.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The snapshots of one snapshotter. A key names an active snapshot or a view, a name a committed one. */
public final class Snapshots {
    private static final Duration SLOW = Duration.ofMinutes(2);

    private final Channel channel;
    private final String snapshotter;

    Snapshots(Channel channel, String snapshotter) {
        this.channel = channel;
        this.snapshotter = snapshotter;
    }

    /** Makes a writable snapshot on a committed one (empty: on nothing) and tells how to mount it. */
    public List<Mount> prepare(String key, String parent, Map<String, String> labels) {
        return Mounts.fromProto(Connection.call(
                        channel,
                        SnapshotsGrpc.getPrepareMethod(),
                        PrepareSnapshotRequest.newBuilder()
                                .setSnapshotter(snapshotter)
                                .setKey(key)
                                .setParent(parent)
                                .putAllLabels(labels)
                                .build(),
                        Connection.SHORT)
                .getMountsList());
    }

    /** Makes a read-only snapshot of a committed one and tells how to mount it. */
    public List<Mount> view(String key, String parent, Map<String, String> labels) {
        return Mounts.fromProto(Connection.call(
                        channel,
                        SnapshotsGrpc.getViewMethod(),
                        ViewSnapshotRequest.newBuilder()
                                .setSnapshotter(snapshotter)
                                .setKey(key)
                                .setParent(parent)
                                .putAllLabels(labels)
                                .build(),
                        Connection.SHORT)
                .getMountsList());
    }

    /** How to mount an active snapshot or a view. */
    public List<Mount> mounts(String key) {
        return Mounts.fromProto(Connection.call(
                        channel,
                        SnapshotsGrpc.getMountsMethod(),
                        MountsRequest.newBuilder()
                                .setSnapshotter(snapshotter)
                                .setKey(key)
                                .build(),
                        Connection.SHORT)
                .getMountsList());
    }

    /** Turns an active snapshot into a committed one. */
    public void commit(String name, String key, Map<String, String> labels) {
        commit(name, key, "", labels);
    }

    /** As the other, and gives it a parent if that is not empty: of our containerd and of 2.2 and later. */
    public void commit(String name, String key, String parent, Map<String, String> labels) {
        Connection.call(
                channel,
                SnapshotsGrpc.getCommitMethod(),
                CommitSnapshotRequest.newBuilder()
                        .setSnapshotter(snapshotter)
                        .setName(name)
                        .setKey(key)
                        .setParent(parent)
                        .putAllLabels(labels)
                        .build(),
                SLOW);
    }

    /** Removes a snapshot that has no children; fails with NOT_FOUND or FAILED_PRECONDITION. */
    public void remove(String key) {
        Connection.call(
                channel,
                SnapshotsGrpc.getRemoveMethod(),
                RemoveSnapshotRequest.newBuilder()
                        .setSnapshotter(snapshotter)
                        .setKey(key)
                        .build(),
                SLOW);
    }

    /** One snapshot by key or name; fails with NOT_FOUND. */
    public Snapshot stat(String key) {
        return fromProto(Connection.call(
                        channel,
                        SnapshotsGrpc.getStatMethod(),
                        StatSnapshotRequest.newBuilder()
                                .setSnapshotter(snapshotter)
                                .setKey(key)
                                .build(),
                        Connection.SHORT)
                .getInfo());
    }

    /** Sets labels; one with an empty value is removed. */
    public Snapshot updateLabels(String key, Map<String, String> labels) {
        FieldMask.Builder mask = FieldMask.newBuilder();
        labels.keySet().forEach(label -> mask.addPaths("labels." + label));
        return fromProto(Connection.call(
                        channel,
                        SnapshotsGrpc.getUpdateMethod(),
                        UpdateSnapshotRequest.newBuilder()
                                .setSnapshotter(snapshotter)
                                .setInfo(Info.newBuilder().setName(key).putAllLabels(labels))
                                .setUpdateMask(mask)
                                .build(),
                        Connection.SHORT)
                .getInfo());
    }

    /** The snapshots that match any of the filters, all if there are none; parents before children. */
    public List<Snapshot> list(String... filters) {
        Iterator<ListSnapshotsResponse> parts = Connection.stream(
                channel,
                SnapshotsGrpc.getListMethod(),
                ListSnapshotsRequest.newBuilder()
                        .setSnapshotter(snapshotter)
                        .addAllFilters(List.of(filters))
                        .build());
        List<Snapshot> snapshots = new ArrayList<>();
        while (parts.hasNext()) {
            parts.next().getInfoList().forEach(info -> snapshots.add(fromProto(info)));
        }
        return snapshots;
    }

    /** Removes what removed snapshots have left on disk. */
    public void cleanup() {
        Connection.call(
                channel,
                SnapshotsGrpc.getCleanupMethod(),
                CleanupRequest.newBuilder().setSnapshotter(snapshotter).build(),
                SLOW);
    }

    /** What a snapshot takes on disk, without its parents. */
    public Snapshot.Usage usage(String key) {
        UsageResponse usage = Connection.call(
                channel,
                SnapshotsGrpc.getUsageMethod(),
                UsageRequest.newBuilder()
                        .setSnapshotter(snapshotter)
                        .setKey(key)
                        .build(),
                SLOW);
        return new Snapshot.Usage(usage.getInodes(), usage.getSize());
    }

    private static Snapshot fromProto(Info info) {
        Snapshot.Kind kind =
                switch (info.getKind()) {
                    case VIEW -> Snapshot.Kind.VIEW;
                    case ACTIVE -> Snapshot.Kind.ACTIVE;
                    case COMMITTED -> Snapshot.Kind.COMMITTED;
                    case UNKNOWN, UNRECOGNIZED -> Snapshot.Kind.UNKNOWN;
                };
        return new Snapshot(
                info.getName(),
                info.getParent(),
                kind,
                Connection.instant(info.getCreatedAt()),
                Connection.instant(info.getUpdatedAt()),
                info.getLabelsMap());
    }
}
