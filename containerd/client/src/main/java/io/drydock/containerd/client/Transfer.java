package io.drydock.containerd.client;

import com.google.protobuf.Any;
import com.google.protobuf.MessageLite;
import io.drydock.spec.containerd.services.streaming.v1.StreamingGrpc;
import io.drydock.spec.containerd.services.transfer.v1.TransferGrpc;
import io.drydock.spec.containerd.services.transfer.v1.TransferOptions;
import io.drydock.spec.containerd.services.transfer.v1.TransferRequest;
import io.drydock.spec.containerd.types.Platform;
import io.drydock.spec.containerd.types.transfer.ImageStore;
import io.drydock.spec.containerd.types.transfer.OCIRegistry;
import io.drydock.spec.containerd.types.transfer.RegistryResolver;
import io.drydock.spec.containerd.types.transfer.UnpackConfiguration;
import io.grpc.Channel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Moves images between registries and containerd's stores; the blobs do not pass through the client. */
public final class Transfer {
    private static final String TYPES = "containerd.types.transfer.";

    private final Channel channel;

    Transfer(Channel channel) {
        this.channel = channel;
    }

    /**
     * Fetches an image, unpacks it if asked, and gives it its name. Returns when all of that is done.
     *
     * @param progress called on one thread, in order
     */
    public void pull(PullRequest request, Consumer<TransferProgress> progress) {
        ImageStore.Builder store =
                ImageStore.newBuilder().setName(request.name()).putAllLabels(request.labels());
        request.platforms().forEach(platform -> store.addPlatforms(toProto(platform)));
        if (!request.snapshotter().isEmpty()) {
            UnpackConfiguration.Builder unpack =
                    UnpackConfiguration.newBuilder().setSnapshotter(request.snapshotter());
            if (request.platforms().size() == 1) {
                unpack.setPlatform(toProto(request.platforms().getFirst()));
            }
            store.addUnpacks(unpack);
        }
        registry(
                request.reference(),
                request.registry(),
                source -> transfer(source, any("ImageStore", store.build()), progress));
    }

    /** Sends an image to a registry. */
    public void push(
            String name, String reference, PullRequest.Registry registry, Consumer<TransferProgress> progress) {
        Any store = any("ImageStore", ImageStore.newBuilder().setName(name).build());
        registry(reference, registry, destination -> transfer(store, destination, progress));
    }

    /** Gives an image in the store another name, or makes that name point at it. */
    public void tag(String name, String newName) {
        transfer(
                any("ImageStore", ImageStore.newBuilder().setName(name).build()),
                any("ImageStore", ImageStore.newBuilder().setName(newName).build()),
                progress -> {});
    }

    /**
     * Any other transfer, in the messages of {@code containerd.types.transfer}.
     *
     * @param progress called on one thread, in order
     */
    public void transfer(Any source, Any destination, Consumer<TransferProgress> progress) {
        try (AnyStream stream = AnyStream.open(channel, StreamingGrpc.getStreamMethod(), "progress")) {
            Thread reader =
                    Thread.ofVirtual().name("transfer-progress").start(() -> AnyStream.progress(stream, progress));
            TransferRequest request = TransferRequest.newBuilder()
                    .setSource(source)
                    .setDestination(destination)
                    .setOptions(TransferOptions.newBuilder().setProgressStream(stream.id()))
                    .build();
            Connection.call(channel, TransferGrpc.getTransferMethod(), request, null);
            stream.awaitEnd(reader);
        }
    }

    private void registry(String reference, PullRequest.Registry registry, Consumer<Any> use) {
        Credentials credentials = registry.credentials();
        if (credentials == null) {
            use.accept(registry(reference, registry, (AnyStream) null));
            return;
        }
        try (AnyStream stream = AnyStream.open(channel, StreamingGrpc.getStreamMethod(), "auth")) {
            Thread.ofVirtual().name("transfer-auth").start(() -> AnyStream.authenticate(stream, credentials));
            use.accept(registry(reference, registry, stream));
        }
    }

    private static Any registry(String reference, PullRequest.Registry registry, @Nullable AnyStream auth) {
        RegistryResolver.Builder resolver = RegistryResolver.newBuilder()
                .setHostDir(registry.hostsDirectory())
                .setDefaultScheme(registry.scheme())
                .putAllHeaders(registry.headers());
        if (auth != null) {
            resolver.setAuthStream(auth.id());
        }
        return any(
                "OCIRegistry",
                OCIRegistry.newBuilder()
                        .setReference(reference)
                        .setResolver(resolver)
                        .build());
    }

    private static Platform toProto(PullRequest.Platform platform) {
        return Platform.newBuilder()
                .setOs(platform.os())
                .setArchitecture(platform.architecture())
                .setVariant(platform.variant())
                .build();
    }

    private static Any any(String type, MessageLite message) {
        return Any.newBuilder()
                .setTypeUrl(TYPES + type)
                .setValue(message.toByteString())
                .build();
    }
}
