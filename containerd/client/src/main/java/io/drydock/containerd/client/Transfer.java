package io.drydock.containerd.client;

import com.google.protobuf.Any;
import com.google.protobuf.MessageLite;
import io.drydock.spec.containerd.services.streaming.v1.StreamingGrpc;
import io.drydock.spec.containerd.services.transfer.v1.TransferGrpc;
import io.drydock.spec.containerd.services.transfer.v1.TransferOptions;
import io.drydock.spec.containerd.services.transfer.v1.TransferRequest;
import io.drydock.spec.containerd.types.Platform;
import io.drydock.spec.containerd.types.transfer.ImageExportStream;
import io.drydock.spec.containerd.types.transfer.ImageImportStream;
import io.drydock.spec.containerd.types.transfer.ImageReference;
import io.drydock.spec.containerd.types.transfer.ImageStore;
import io.drydock.spec.containerd.types.transfer.OCIRegistry;
import io.drydock.spec.containerd.types.transfer.RegistryResolver;
import io.drydock.spec.containerd.types.transfer.TransferLimits;
import io.drydock.spec.containerd.types.transfer.UnpackConfiguration;
import io.grpc.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves images between registries and containerd's stores; the blobs do not pass through the client. */
public final class Transfer {
    private static final Logger log = LoggerFactory.getLogger(Transfer.class);

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

    /**
     * Takes in the images of an archive, and names them as the archive does. Returns when all of that is done.
     *
     * @param archive read on the calling thread, and not after this has returned
     * @param prefix of names for images of which the archive tells a tag or nothing
     * @param snapshotter where to unpack what is for this machine, empty not to
     * @param progress called on one thread, in order; the event {@code saved} tells an image's name
     * @throws IOException from reading the archive
     */
    public void importImages(
            InputStream archive, String prefix, String snapshotter, Consumer<TransferProgress> progress)
            throws IOException {
        try (AnyStream data = AnyStream.open(channel, StreamingGrpc.getStreamMethod(), "import")) {
            Any source = any(
                    "ImageImportStream",
                    ImageImportStream.newBuilder()
                            .setStream(data.id())
                            .setForceCompress(true)
                            .build());
            ImageStore.Builder store = ImageStore.newBuilder()
                    .addExtraReferences(ImageReference.newBuilder()
                            .setName(prefix)
                            .setIsPrefix(true)
                            .setAllowOverwrite(true)
                            .setAddDigest(true)
                            .setSkipNamedDigest(true));
            if (!snapshotter.isEmpty()) {
                store.addUnpacks(UnpackConfiguration.newBuilder().setSnapshotter(snapshotter));
            }
            Any destination = any("ImageStore", store.build());
            FutureTask<Void> transfer = new FutureTask<>(
                    () -> {
                        try {
                            transfer(source, destination, progress);
                        } finally {
                            data.close(); // nobody takes bytes any more
                        }
                    },
                    null);
            Thread thread = Thread.ofVirtual().name("transfer-import").start(transfer);
            try {
                data.send(archive);
                await(transfer);
            } catch (IOException e) {
                // containerd sees the broken stream, and lets go of what it has begun
                settle(transfer);
                throw e;
            } finally {
                thread.interrupt();
            }
        }
    }

    private static void settle(FutureTask<Void> transfer) {
        try {
            transfer.get(Connection.SHORT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.debug("import ended: {}", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(FutureTask<Void> transfer) {
        try {
            transfer.get();
        } catch (ExecutionException e) {
            switch (Objects.requireNonNull(e.getCause())) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case Throwable cause -> throw new IllegalStateException(cause);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContainerdException(ContainerdException.Kind.CANCELLED, "interrupted", e);
        }
    }

    /**
     * Writes images of the store as an archive: an OCI layout that Docker reads, too.
     *
     * @throws IOException from writing the archive
     */
    public void exportImages(List<String> names, OutputStream archive) throws IOException {
        try (AnyStream data = AnyStream.open(channel, StreamingGrpc.getStreamMethod(), "export")) {
            ImageStore.Builder store = ImageStore.newBuilder();
            names.forEach(
                    name -> store.addExtraReferences(ImageReference.newBuilder().setName(name)));
            Any source = any("ImageStore", store.build());
            Any destination = any(
                    "ImageExportStream",
                    ImageExportStream.newBuilder().setStream(data.id()).build());
            FutureTask<Void> transfer = new FutureTask<>(() -> transfer(source, destination, progress -> {}), null);
            Thread thread = Thread.ofVirtual().name("transfer-export").start(transfer);
            try {
                data.receive(archive);
                await(transfer);
            } finally {
                thread.interrupt();
            }
        }
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
                .putAllHeaders(registry.headers())
                .setLimits(TransferLimits.newBuilder()
                        .setDownloads(registry.limits().downloads())
                        .setUploads(registry.limits().uploads())
                        .setDownloadAttempts(registry.limits().downloadAttempts()));
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
                .setTypeUrl(AnyStream.TYPES + type)
                .setValue(message.toByteString())
                .build();
    }
}
