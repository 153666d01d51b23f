package io.drydock.containerd.server.transfer;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.containerd.server.grpc.Scope;
import io.drydock.containerd.stores.gc.GarbageCollector;
import io.drydock.containerd.stores.metadata.Images;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.containerd.stores.unpack.ParallelUnpacker;
import io.drydock.image.remote.RegistryException;
import io.drydock.linux.Failpoint;
import io.drydock.spec.containerd.events.images.ImageCreate;
import io.drydock.spec.containerd.events.images.ImageUpdate;
import io.drydock.spec.containerd.services.transfer.v1.TransferGrpc;
import io.drydock.spec.containerd.services.transfer.v1.TransferRequest;
import io.drydock.spec.containerd.types.transfer.ImageExportStream;
import io.drydock.spec.containerd.types.transfer.ImageImportStream;
import io.drydock.spec.containerd.types.transfer.ImageStore;
import io.drydock.spec.containerd.types.transfer.OCIRegistry;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The service {@code containerd.services.transfer.v1.Transfer}: which kinds of places an image moves between is told by types. */
public final class TransferService extends TransferGrpc.TransferImplBase {
    /** Leases of transfers under way whose clients brought none. */
    private static final String LEASE = "transfer-";

    private final ContentStore content;
    private final Images images;
    private final Leases leases;
    private final Map<String, Snapshotter> snapshotters;
    private final ParallelUnpacker unpacker;
    private final Streams streams;
    private final EventBus events;
    private final GarbageCollector collector;

    private final String hosts;

    /** The stores that images are moved to and from. */
    public record Stores(ContentStore content, Images images, Leases leases, Map<String, Snapshotter> snapshotters) {}

    /**
     * Drops what the transfers of a dead process held.
     *
     * @param hosts the directory with registries' hosts.toml for clients that name none, empty for none
     */
    public TransferService(
            Stores stores,
            ParallelUnpacker unpacker,
            Streams streams,
            EventBus events,
            GarbageCollector collector,
            String hosts) {
        this.content = stores.content();
        this.images = stores.images();
        this.leases = stores.leases();
        this.snapshotters = stores.snapshotters();
        this.hosts = hosts;
        this.unpacker = unpacker;
        this.streams = streams;
        this.events = events;
        this.collector = collector;
        if (leases.deleteAll(LEASE) > 0) {
            collector.soon();
        }
    }

    @Override
    public void transfer(TransferRequest request, StreamObserver<Empty> out) {
        Answers.unary(out, () -> {
            var thread = Thread.currentThread();
            // a client that gives up ends its transfer
            Context.CancellationListener stop = context -> thread.interrupt();
            Context.current().addListener(stop, Runnable::run);
            try {
                transfer(request);
            } finally {
                Context.current().removeListener(stop);
            }
            return Empty.getDefaultInstance();
        });
    }

    private void transfer(TransferRequest request) throws IOException {
        var namespace = Scope.namespace();
        var id = request.getOptions().getProgressStream();
        var progress = new ProgressReport(id.isEmpty() ? null : streams.get(namespace, id));
        try {
            var source = request.getSource();
            var destination = request.getDestination();
            switch (kind(source) + " to " + kind(destination)) {
                case "OCIRegistry to ImageStore" ->
                    pull(
                            namespace,
                            registry(source.getValue()),
                            ImageStore.parseFrom(destination.getValue()),
                            progress);
                case "ImageStore to OCIRegistry" ->
                    push(
                            namespace,
                            ImageStore.parseFrom(source.getValue()),
                            registry(destination.getValue()),
                            progress);
                case "ImageImportStream to ImageStore" ->
                    importArchive(
                            namespace,
                            ImageImportStream.parseFrom(source.getValue()),
                            ImageStore.parseFrom(destination.getValue()),
                            progress);
                case "ImageStore to ImageExportStream" ->
                    export(
                            namespace,
                            ImageStore.parseFrom(source.getValue()),
                            ImageExportStream.parseFrom(destination.getValue()),
                            progress);
                case "ImageStore to ImageStore" -> {
                    var image = images.get(
                            namespace, ImageStore.parseFrom(source.getValue()).getName());
                    var name = ImageStore.parseFrom(destination.getValue()).getName();
                    put(
                            namespace,
                            name,
                            new ImageIntake.Target(image.mediaType(), image.digest(), image.size()),
                            image.labels());
                }
                case String other ->
                    throw new ContainerdError(
                            ContainerdError.Code.UNIMPLEMENTED, "transfer from " + other + " is not built yet");
            }
        } catch (InvalidProtocolBufferException e) {
            throw ContainerdError.invalid("malformed source or destination: " + e.getMessage());
        } finally {
            progress.end();
        }
    }

    private static String kind(Any place) {
        var url = place.getTypeUrl();
        return url.substring(Math.max(url.lastIndexOf('/'), url.lastIndexOf('.')) + 1);
    }

    private OCIRegistry registry(ByteString message) throws InvalidProtocolBufferException {
        var registry = OCIRegistry.parseFrom(message);
        if (!registry.getResolver().getHostDir().isEmpty() || hosts.isEmpty()) {
            return registry;
        }
        return registry.toBuilder()
                .setResolver(registry.getResolver().toBuilder().setHostDir(hosts))
                .build();
    }

    private void pull(String namespace, OCIRegistry registry, ImageStore store, ProgressReport progress)
            throws IOException {
        var reference = RegistryAccess.reference(registry);
        try (var resolved = ResolvedImage.of(registry, streams, namespace)) {
            leased(namespace, store, target -> {
                var limits = registry.getResolver().getLimits();
                var origin = new RegistryOrigin(
                        resolved.repository(),
                        reference,
                        store.getPlatformsList(),
                        new DownloadSlots(limits.getDownloads()),
                        limits.getDownloadAttempts());
                var intake = new ImageIntake(origin, new Documents(content), unpacker, target, progress);
                var image = intake.take(resolved.manifest());
                if (!store.getName().isEmpty()) {
                    put(namespace, store.getName(), image, store.getLabelsMap());
                    progress.event("saved", store.getName());
                }
            });
        } catch (RegistryException e) {
            throw RegistryAccess.failure("failed to pull \"" + reference + "\"", e);
        }
    }

    private void importArchive(String namespace, ImageImportStream archive, ImageStore store, ProgressReport progress)
            throws IOException {
        if (!store.getName().isEmpty()) {
            throw new ContainerdError(
                    ContainerdError.Code.UNIMPLEMENTED, "naming the index of an imported archive is not supported");
        }
        var stream = streams.get(namespace, archive.getStream());
        progress.event("Importing", "");
        try {
            importArchive(namespace, archive, store, new DataInput(stream), progress);
        } finally {
            stream.end();
        }
        progress.event("Completed import", "");
    }

    private void importArchive(
            String namespace, ImageImportStream archive, ImageStore store, DataInput data, ProgressReport progress)
            throws IOException {
        leased(namespace, store, target -> {
            var images = new ImageImport(
                            content, unpacker, target, archive.getForceCompress(), store.getPlatformsList(), progress)
                    .run(data);
            for (var imported : images) {
                var found = imported.target();
                for (var wanted : ImportedNames.of(store, imported)) {
                    put(namespace, wanted, found, store.getLabelsMap());
                    progress.named("saved", wanted, found.mediaType(), found.digest(), found.size());
                }
            }
        });
    }

    private void export(String namespace, ImageStore store, ImageExportStream archive, ProgressReport progress)
            throws IOException {
        progress.event("Exporting", "");
        try (var out = new DataOutput(streams.get(namespace, archive.getStream()))) {
            new ImageExport(content, images, namespace).run(store, archive, out);
        }
        progress.event("Completed export", "");
    }

    /** What is done with the stores under a lease. */
    private interface Work {
        void run(ParallelUnpacker.Target target) throws IOException;
    }

    /** Works under the client's lease, or under one of its own until the work has ended. */
    private void leased(String namespace, ImageStore store, Work work) throws IOException {
        var snapshotter = snapshotter(store);
        var own = Scope.lease().isEmpty() ? lease(namespace) : "";
        try {
            work.run(new ParallelUnpacker.Target(namespace, own.isEmpty() ? Scope.lease() : own, snapshotter));
        } finally {
            if (!own.isEmpty()) {
                leases.delete(namespace, own);
                collector.soon();
            }
        }
    }

    private String lease(String namespace) {
        var id = LEASE + UUID.randomUUID();
        var end = Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
        leases.create(namespace, id, Map.of(Labels.GC_EXPIRE, end.toString()));
        return id;
    }

    private @Nullable Snapshotter snapshotter(ImageStore store) {
        if (store.getUnpacksCount() == 0) {
            return null;
        }
        var name = store.getUnpacks(0).getSnapshotter();
        var found = name.isEmpty() ? snapshotters.get("overlayfs") : snapshotters.get(name);
        if (found == null) {
            throw ContainerdError.invalid("snapshotter not loaded: " + name);
        }
        return found;
    }

    private void push(String namespace, ImageStore store, OCIRegistry registry, ProgressReport progress)
            throws IOException {
        var image = images.get(namespace, store.getName());
        var reference = RegistryAccess.reference(registry);
        try (var repository = ResolvedImage.forPush(registry, streams, namespace)) {
            int uploads = registry.getResolver().getLimits().getUploads();
            new ImagePush(repository, reference, content, namespace, progress)
                    .push(image.mediaType(), image.digest(), uploads == 0 ? ImagePush.UPLOADS : uploads);
        } catch (RegistryException e) {
            throw RegistryAccess.failure("failed to push \"" + reference + "\"", e);
        }
    }

    private void put(String namespace, String name, ImageIntake.Target target, Map<String, String> labels) {
        boolean known = images.has(namespace, name);
        Failpoint.at("pull.unpacked");
        var image = images.put(namespace, name, target.mediaType(), target.digest(), target.size(), labels);
        Failpoint.at("pull.named");
        if (known) {
            events.publish(
                    namespace,
                    "/images/update",
                    ImageUpdate.newBuilder()
                            .setName(image.name())
                            .putAllLabels(image.labels())
                            .build());
            collector.soon();
        } else {
            events.publish(
                    namespace,
                    "/images/create",
                    ImageCreate.newBuilder()
                            .setName(image.name())
                            .putAllLabels(image.labels())
                            .build());
        }
    }
}
