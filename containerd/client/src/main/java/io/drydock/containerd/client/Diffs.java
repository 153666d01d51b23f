package io.drydock.containerd.client;

import io.drydock.spec.containerd.services.diff.v1.ApplyRequest;
import io.drydock.spec.containerd.services.diff.v1.DiffGrpc;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;

/** Layers into snapshots. */
public final class Diffs {
    private static final Duration SLOW = Duration.ofHours(1);

    private final Channel channel;

    Diffs(Channel channel) {
        this.channel = channel;
    }

    /** Unpacks a layer that is in the content store into the mounts of an active snapshot; returns its diff ID. */
    public String apply(Descriptor layer, List<Mount> mounts) {
        return Connection.call(
                        channel,
                        DiffGrpc.getApplyMethod(),
                        ApplyRequest.newBuilder()
                                .setDiff(io.drydock.spec.containerd.types.Descriptor.newBuilder()
                                        .setMediaType(layer.mediaType())
                                        .setDigest(layer.digest())
                                        .setSize(layer.size()))
                                .addAllMounts(
                                        mounts.stream().map(Mounts::toProto).toList())
                                .build(),
                        SLOW)
                .getApplied()
                .getDigest();
    }
}
