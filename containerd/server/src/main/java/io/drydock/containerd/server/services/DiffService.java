package io.drydock.containerd.server.services;

import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.stores.unpack.LayerWriter;
import io.drydock.spec.containerd.services.diff.v1.ApplyRequest;
import io.drydock.spec.containerd.services.diff.v1.ApplyResponse;
import io.drydock.spec.containerd.services.diff.v1.DiffGrpc;
import io.drydock.spec.containerd.types.Descriptor;
import io.drydock.spec.oci.image.MediaTypes;
import io.grpc.stub.StreamObserver;
import java.nio.channels.Channels;

/** The service {@code containerd.services.diff.v1.Diff}: layers into a snapshot's mounts. */
public final class DiffService extends DiffGrpc.DiffImplBase {
    private final ContentStore content;
    private final LayerWriter writer;

    public DiffService(ContentStore content, LayerWriter writer) {
        this.content = content;
        this.writer = writer;
    }

    @Override
    public void apply(ApplyRequest request, StreamObserver<ApplyResponse> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            var digest = request.getDiff().getDigest();
            var mounts = request.getMountsList().stream()
                    .map(mount -> new Snapshotter.Mount(mount.getType(), mount.getSource(), mount.getOptionsList()))
                    .toList();
            var applied = writer.apply(() -> Channels.newInputStream(content.open(namespace, digest)), mounts);
            return ApplyResponse.newBuilder()
                    .setApplied(Descriptor.newBuilder()
                            .setMediaType(MediaTypes.LAYER)
                            .setDigest(applied.diffId())
                            .setSize(applied.size()))
                    .build();
        });
    }
}
