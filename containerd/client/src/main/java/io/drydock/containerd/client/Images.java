package io.drydock.containerd.client;

import com.google.protobuf.FieldMask;
import io.drydock.spec.containerd.services.images.v1.CreateImageRequest;
import io.drydock.spec.containerd.services.images.v1.DeleteImageRequest;
import io.drydock.spec.containerd.services.images.v1.GetImageRequest;
import io.drydock.spec.containerd.services.images.v1.ImagesGrpc;
import io.drydock.spec.containerd.services.images.v1.ListImagesRequest;
import io.drydock.spec.containerd.services.images.v1.UpdateImageRequest;
import io.grpc.Channel;
import java.time.Duration;
import java.util.List;

/** Image names: each points at a manifest or an index in the content store, and keeps it. */
public final class Images {
    private static final Duration COLLECT = Duration.ofMinutes(5);

    private final Channel channel;

    Images(Channel channel) {
        this.channel = channel;
    }

    /** One image by its full name, {@code docker.io/library/busybox:latest}; fails with NOT_FOUND. */
    public Image get(String name) {
        return fromProto(Connection.call(
                        channel,
                        ImagesGrpc.getGetMethod(),
                        GetImageRequest.newBuilder().setName(name).build(),
                        Connection.SHORT)
                .getImage());
    }

    /** The images that match any of the filters, all if there are none. */
    public List<Image> list(String... filters) {
        return Connection.call(
                        channel,
                        ImagesGrpc.getListMethod(),
                        ListImagesRequest.newBuilder()
                                .addAllFilters(List.of(filters))
                                .build(),
                        Connection.SHORT)
                .getImagesList()
                .stream()
                .map(Images::fromProto)
                .toList();
    }

    /** Creates an image; fails with ALREADY_EXISTS if the name is taken. */
    public Image create(Image image) {
        return fromProto(Connection.call(
                        channel,
                        ImagesGrpc.getCreateMethod(),
                        CreateImageRequest.newBuilder().setImage(toProto(image)).build(),
                        Connection.SHORT)
                .getImage());
    }

    /** Replaces target and labels of an image; fails with NOT_FOUND. */
    public Image update(Image image) {
        return fromProto(Connection.call(
                        channel,
                        ImagesGrpc.getUpdateMethod(),
                        UpdateImageRequest.newBuilder()
                                .setImage(toProto(image))
                                .setUpdateMask(FieldMask.newBuilder()
                                        .addPaths("target")
                                        .addPaths("labels"))
                                .build(),
                        Connection.SHORT)
                .getImage());
    }

    /** Creates an image or makes its name point at another target. */
    public Image put(Image image) {
        try {
            return create(image);
        } catch (ContainerdException e) {
            if (e.alreadyExists()) {
                return update(image);
            }
            throw e;
        }
    }

    /**
     * Deletes a name; fails with NOT_FOUND.
     *
     * @param sync wait until what nothing refers to any more is collected
     */
    public void delete(String name, boolean sync) {
        Connection.call(
                channel,
                ImagesGrpc.getDeleteMethod(),
                DeleteImageRequest.newBuilder().setName(name).setSync(sync).build(),
                COLLECT);
    }

    private static io.drydock.spec.containerd.services.images.v1.Image toProto(Image image) {
        return io.drydock.spec.containerd.services.images.v1.Image.newBuilder()
                .setName(image.name())
                .putAllLabels(image.labels())
                .setTarget(Descriptors.toProto(image.target()))
                .build();
    }

    private static Image fromProto(io.drydock.spec.containerd.services.images.v1.Image image) {
        return new Image(
                image.getName(),
                Descriptors.fromProto(image.getTarget()),
                image.getLabelsMap(),
                Connection.instant(image.getCreatedAt()),
                Connection.instant(image.getUpdatedAt()));
    }
}
