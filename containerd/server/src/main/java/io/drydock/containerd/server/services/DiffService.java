package io.drydock.containerd.server.services;

import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.stores.unpack.LayerWriter;
import io.drydock.spec.containerd.services.diff.v1.ApplyRequest;
import io.drydock.spec.containerd.services.diff.v1.ApplyResponse;
import io.drydock.spec.containerd.services.diff.v1.DiffGrpc;
import io.drydock.spec.containerd.services.diff.v1.DiffRequest;
import io.drydock.spec.containerd.services.diff.v1.DiffResponse;
import io.drydock.spec.containerd.types.Descriptor;
import io.drydock.spec.containerd.types.Mount;
import io.drydock.spec.oci.image.MediaTypes;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Set;

/** The service {@code containerd.services.diff.v1.Diff}: layers into a snapshot's mounts, and from them. */
public final class DiffService extends DiffGrpc.DiffImplBase {
    /** What an unpacked layer may have been called; the compression is seen from the bytes. */
    private static final Set<String> LAYERS = Set.of(
            MediaTypes.LAYER,
            MediaTypes.LAYER_GZIP,
            MediaTypes.LAYER_ZSTD,
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
            MediaTypes.DOCKER_LAYER,
            MediaTypes.DOCKER_LAYER_GZIP,
            MediaTypes.DOCKER_LAYER_ZSTD,
            "application/vnd.docker.image.rootfs.foreign.diff.tar",
            MediaTypes.DOCKER_FOREIGN_LAYER);

    private final ContentStore content;
    private final LayerWriter writer;
    private final LayerBlobs blobs;
    private final boolean sync;

    /** @param sync whether every layer is on disk when it is answered */
    public DiffService(ContentStore content, LayerWriter writer, LayerBlobs blobs, boolean sync) {
        this.content = content;
        this.writer = writer;
        this.blobs = blobs;
        this.sync = sync;
    }

    private static List<Snapshotter.Mount> mounts(List<Mount> mounts) {
        return mounts.stream()
                .map(mount -> new Snapshotter.Mount(mount.getType(), mount.getSource(), mount.getOptionsList()))
                .toList();
    }

    @Override
    public void apply(ApplyRequest request, StreamObserver<ApplyResponse> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            var layer = request.getDiff();
            var mounts = mounts(request.getMountsList());
            content.info(namespace, layer.getDigest());
            if (!LAYERS.contains(layer.getMediaType())) {
                throw new IOException(
                        "failed to get stream processor for " + layer.getMediaType() + ": no processor for media-type");
            }
            var applied =
                    writer.apply(() -> Channels.newInputStream(content.open(namespace, layer.getDigest())), mounts);
            if (sync || request.getSyncFs()) {
                writer.sync(mounts);
            }
            return ApplyResponse.newBuilder()
                    .setApplied(Descriptor.newBuilder()
                            .setMediaType(MediaTypes.LAYER)
                            .setDigest(applied.diffId())
                            .setSize(applied.size()))
                    .build();
        });
    }

    @Override
    public void diff(DiffRequest request, StreamObserver<DiffResponse> out) {
        Answers.unary(out, () -> {
            var made = blobs.make(
                    new LayerBlobs.Holder(Scope.namespace(), Scope.lease()),
                    mounts(request.getLeftList()),
                    mounts(request.getRightList()),
                    new LayerBlobs.Wish(
                            request.getMediaType().isEmpty() ? MediaTypes.LAYER_GZIP : request.getMediaType(),
                            request.getRef(),
                            request.getLabelsMap(),
                            request.hasSourceDateEpoch()
                                    ? request.getSourceDateEpoch().getSeconds()
                                    : Long.MAX_VALUE));
            return DiffResponse.newBuilder()
                    .setDiff(Descriptor.newBuilder()
                            .setMediaType(made.mediaType())
                            .setDigest(made.digest())
                            .setSize(made.size()))
                    .build();
        });
    }
}
