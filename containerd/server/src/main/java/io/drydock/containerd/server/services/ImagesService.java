package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.server.grpc.Times;
import io.drydock.containerd.stores.gc.GarbageCollector;
import io.drydock.containerd.stores.metadata.Images;
import io.drydock.spec.containerd.events.images.ImageCreate;
import io.drydock.spec.containerd.events.images.ImageDelete;
import io.drydock.spec.containerd.events.images.ImageUpdate;
import io.drydock.spec.containerd.services.images.v1.CreateImageRequest;
import io.drydock.spec.containerd.services.images.v1.CreateImageResponse;
import io.drydock.spec.containerd.services.images.v1.DeleteImageRequest;
import io.drydock.spec.containerd.services.images.v1.GetImageRequest;
import io.drydock.spec.containerd.services.images.v1.GetImageResponse;
import io.drydock.spec.containerd.services.images.v1.Image;
import io.drydock.spec.containerd.services.images.v1.ImagesGrpc;
import io.drydock.spec.containerd.services.images.v1.ListImagesRequest;
import io.drydock.spec.containerd.services.images.v1.ListImagesResponse;
import io.drydock.spec.containerd.services.images.v1.UpdateImageRequest;
import io.drydock.spec.containerd.services.images.v1.UpdateImageResponse;
import io.drydock.spec.containerd.types.Descriptor;
import io.drydock.spec.oci.Digest;
import io.grpc.stub.StreamObserver;
import java.time.Instant;

/** The service {@code containerd.services.images.v1.Images}. */
public final class ImagesService extends ImagesGrpc.ImagesImplBase {
    private final Images images;
    private final EventBus events;
    private final GarbageCollector collector;

    public ImagesService(Images images, EventBus events, GarbageCollector collector) {
        this.images = images;
        this.events = events;
        this.collector = collector;
    }

    private static Image proto(Images.Image image) {
        return Image.newBuilder()
                .setName(image.name())
                .putAllLabels(image.labels())
                .setTarget(Descriptor.newBuilder()
                        .setMediaType(image.mediaType())
                        .setDigest(image.digest())
                        .setSize(image.size()))
                .setCreatedAt(Times.proto(image.createdAt()))
                .setUpdatedAt(Times.proto(image.updatedAt()))
                .build();
    }

    /** The client's image, if it says enough. */
    private static Images.Image valid(Image image) {
        var target = image.getTarget();
        if (image.getName().isEmpty()) {
            throw ContainerdError.invalid("image name must not be empty");
        }
        if (target.getMediaType().isEmpty()) {
            throw ContainerdError.invalid("image.Target.MediaType must be set");
        }
        if (!Digest.isDigest(target.getDigest())) {
            throw ContainerdError.invalid("Target.Digest \"" + target.getDigest() + "\" invalid");
        }
        if (target.getSize() <= 0) {
            throw ContainerdError.invalid("Target.Size must be greater than zero");
        }
        return partial(image);
    }

    private static Images.Image partial(Image image) {
        var target = image.getTarget();
        return new Images.Image(
                image.getName(),
                target.getMediaType(),
                target.getDigest(),
                target.getSize(),
                image.getLabelsMap(),
                Instant.EPOCH,
                Instant.EPOCH);
    }

    @Override
    public void get(GetImageRequest request, StreamObserver<GetImageResponse> out) {
        Answers.unary(
                out,
                () -> GetImageResponse.newBuilder()
                        .setImage(proto(images.get(Scope.namespace(), request.getName())))
                        .build());
    }

    @Override
    public void list(ListImagesRequest request, StreamObserver<ListImagesResponse> out) {
        Answers.unary(out, () -> {
            var answer = ListImagesResponse.newBuilder();
            images.list(Scope.namespace(), Filter.parse(request.getFiltersList()))
                    .forEach(image -> answer.addImages(proto(image)));
            return answer.build();
        });
    }

    @Override
    public void create(CreateImageRequest request, StreamObserver<CreateImageResponse> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            var wanted = valid(request.getImage());
            var image = images.create(
                    namespace, wanted.name(), wanted.mediaType(), wanted.digest(), wanted.size(), wanted.labels());
            events.publish(
                    namespace,
                    "/images/create",
                    ImageCreate.newBuilder()
                            .setName(image.name())
                            .putAllLabels(image.labels())
                            .build());
            return CreateImageResponse.newBuilder().setImage(proto(image)).build();
        });
    }

    @Override
    public void update(UpdateImageRequest request, StreamObserver<UpdateImageResponse> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            var paths = request.getUpdateMask().getPathsList();
            boolean target = paths.isEmpty() || paths.stream().anyMatch(path -> path.startsWith("target"));
            var image =
                    images.update(namespace, target ? valid(request.getImage()) : partial(request.getImage()), paths);
            events.publish(
                    namespace,
                    "/images/update",
                    ImageUpdate.newBuilder()
                            .setName(image.name())
                            .putAllLabels(image.labels())
                            .build());
            collector.soon();
            return UpdateImageResponse.newBuilder().setImage(proto(image)).build();
        });
    }

    @Override
    public void delete(DeleteImageRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            var namespace = Scope.namespace();
            images.delete(namespace, request.getName(), request.getTarget().getDigest());
            events.publish(
                    namespace,
                    "/images/delete",
                    ImageDelete.newBuilder().setName(request.getName()).build());
            if (request.getSync()) {
                collector.collect();
            } else {
                collector.soon();
            }
            return Empty.getDefaultInstance();
        });
    }
}
