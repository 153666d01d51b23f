package io.drydock.containerd.stores.unpack;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.image.archive.apply.AppliedLayer;
import io.drydock.image.archive.apply.ParentNeededException;
import io.drydock.linux.Failpoint;
import io.drydock.linux.LinuxException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** One layer of one pull: its pipeline, and its turn to be published. Run by one thread. */
final class LayerJob {
    private final ParallelUnpacker unpacker;
    private final ParallelUnpacker.Target target;
    private final Layer layer;
    private final String parent;
    private final String chainId;
    private final CompletableFuture<@Nullable Void> below;
    private final CompletableFuture<@Nullable Void> published = new CompletableFuture<>();
    private final Layer.Source source;
    private final Layer.Listener listener;

    LayerJob(
            ParallelUnpacker unpacker,
            ParallelUnpacker.Target target,
            Layer layer,
            String parent,
            String chainId,
            CompletableFuture<@Nullable Void> below,
            Layer.Source source,
            Layer.Listener listener) {
        this.unpacker = unpacker;
        this.target = target;
        this.layer = layer;
        this.parent = parent;
        this.chainId = chainId;
        this.below = below;
        this.source = source;
        this.listener = listener;
    }

    /** Done when the layer above may be published. */
    CompletableFuture<@Nullable Void> published() {
        return published;
    }

    void run() throws IOException, InterruptedException {
        var snapshotter = target.snapshotter();
        if (snapshotter == null) {
            fetchOnly();
            return;
        }
        // whoever else wants this stack of layers waits here, and then finds it
        try (var stack = unpacker.locks.take(snapshotter.name() + "/" + target.namespace() + "/" + chainId)) {
            if (isUnpacked(snapshotter)) {
                fetchOnly();
            } else if (!snapshotter.stacksLater()) {
                fetchOnly();
                awaitBelow();
                unpackOntoParents(snapshotter);
            } else {
                unpack(snapshotter);
            }
        }
    }

    private boolean isUnpacked(Snapshotter snapshotter) {
        // held first: the collector cannot come in between
        unpacker.leases.add(
                target.namespace(), target.lease(), new Leases.Resource("snapshots/" + snapshotter.name(), chainId));
        try {
            snapshotter.stat(target.namespace(), chainId);
            return true;
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    private String ref() {
        return "layer-" + layer.digest();
    }

    /** Opens the ingest of the blob, or answers null if the blob is there; the lease holds it then. */
    private ContentStore.@Nullable Ingest ingest() throws IOException {
        try {
            var ingest =
                    unpacker.content.ingest(target.namespace(), target.lease(), ref(), layer.size(), layer.digest());
            if (ingest.offset() > 0) {
                ingest.restart();
            }
            return ingest;
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.ALREADY_EXISTS) {
                throw e;
            }
            return null;
        }
    }

    private void fetchOnly() throws IOException, InterruptedException {
        unpacker.pipelines.acquire();
        try (var blob = unpacker.locks.take(target.namespace() + "/" + layer.digest())) {
            var ingest = ingest();
            if (ingest == null) {
                listener.step(layer, Layer.Step.EXISTS, layer.size());
                return;
            }
            receive(ingest, tee -> null);
            listener.step(layer, Layer.Step.EXTRACTED, layer.size());
        } finally {
            unpacker.pipelines.release();
        }
    }

    private void unpack(Snapshotter snapshotter) throws IOException, InterruptedException {
        var key = key();
        snapshotter.prepare(target.namespace(), target.lease(), key, "", Map.of());
        boolean committed = false;
        try {
            var applied = fetchAndApply(snapshotter, key);
            awaitBelow();
            if (applied != null) {
                committed = settle(snapshotter, key, applied);
            }
            if (!committed) {
                snapshotter.remove(target.namespace(), key);
                snapshotter.prepare(target.namespace(), target.lease(), key, parent, Map.of());
                applyOntoParents(snapshotter, key);
                committed = true;
            }
            listener.step(layer, Layer.Step.EXTRACTED, layer.size());
        } finally {
            if (!committed) {
                removeQuietly(snapshotter, key);
            }
        }
    }

    private void unpackOntoParents(Snapshotter snapshotter) throws IOException {
        var key = key();
        snapshotter.prepare(target.namespace(), target.lease(), key, parent, Map.of());
        boolean committed = false;
        try {
            listener.step(layer, Layer.Step.EXTRACTING, 0);
            check(unpacker.writer.apply(this::open, snapshotter.mounts(target.namespace(), key)));
            commit(snapshotter, key, "");
            committed = true;
            listener.step(layer, Layer.Step.EXTRACTED, layer.size());
        } finally {
            if (!committed) {
                removeQuietly(snapshotter, key);
            }
        }
    }

    private String key() {
        return "extract-" + UUID.randomUUID() + " " + chainId;
    }

    private void removeQuietly(Snapshotter snapshotter, String key) throws IOException {
        try {
            snapshotter.remove(target.namespace(), key);
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.NOT_FOUND) {
                throw e;
            }
        }
    }

    private void awaitBelow() throws IOException, InterruptedException {
        try {
            below.get();
        } catch (ExecutionException e) {
            // the failure itself is known to the unpacker
            throw new InterruptedIOException("a layer below failed");
        }
    }

    /** The layer in its own directory, or null if it can only be written onto the layers below. */
    private @Nullable AppliedLayer fetchAndApply(Snapshotter snapshotter, String key)
            throws IOException, InterruptedException {
        var directory = snapshotter.layerDirectory(target.namespace(), key);
        unpacker.pipelines.acquire();
        try (var blob = unpacker.locks.take(target.namespace() + "/" + layer.digest())) {
            var ingest = ingest();
            if (ingest != null) {
                return receive(ingest, tee -> apply(tee, directory));
            }
            listener.step(layer, Layer.Step.DOWNLOADED, layer.size());
            listener.step(layer, Layer.Step.EXTRACTING, 0);
            try (var in = new CountedStream(open(), read -> listener.step(layer, Layer.Step.EXTRACTING, read))) {
                return apply(in, directory);
            }
        } finally {
            unpacker.pipelines.release();
        }
    }

    private InputStream open() throws IOException {
        return Channels.newInputStream(unpacker.content.open(target.namespace(), layer.digest()));
    }

    private @Nullable AppliedLayer apply(InputStream in, java.nio.file.Path directory) throws IOException {
        try {
            var applied = unpacker.writer.alone(in, directory);
            check(applied);
            return applied;
        } catch (ParentNeededException e) {
            return null;
        }
    }

    private void check(AppliedLayer applied) throws IOException {
        if (!applied.diffId().equals(layer.diffId())) {
            throw new IOException("wrong diff id calculated on extraction \"" + applied.diffId() + "\", expected \""
                    + layer.diffId() + "\"");
        }
    }

    /** What is done with a blob while it comes. */
    private interface Use {
        @Nullable
        AppliedLayer of(TeeStream tee) throws IOException;
    }

    /** Fetches a blob into an ingest and makes it content; nothing is left of it if that fails. */
    private @Nullable AppliedLayer receive(ContentStore.Ingest ingest, Use use) throws IOException {
        boolean done = false;
        try (ingest) {
            listener.step(layer, Layer.Step.DOWNLOADING, 0);
            var applied = stream(ingest, use);
            listener.step(layer, Layer.Step.DOWNLOADED, layer.size());
            done = commit(ingest);
            listener.step(layer, Layer.Step.EXTRACTING, layer.size());
            return applied;
        } finally {
            if (!done) {
                unpacker.content.abortIfThere(target.namespace(), ref());
            }
        }
    }

    private boolean commit(ContentStore.Ingest ingest) throws IOException {
        try {
            ingest.commit(layer.size(), layer.digest(), layer.labels());
        } catch (ContainerdError e) {
            // a client may have written the same blob under a ref of its own
            if (e.code() != ContainerdError.Code.ALREADY_EXISTS) {
                throw e;
            }
        }
        return true;
    }

    private @Nullable AppliedLayer stream(ContentStore.Ingest ingest, Use use) throws IOException {
        try (var tee = new TeeStream(
                source.open(layer), ingest, progress -> listener.step(layer, Layer.Step.DOWNLOADING, progress))) {
            AppliedLayer applied;
            try {
                applied = use.of(tee);
            } catch (LinuxException | FileSystemException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                throw reason(tee, e);
            }
            tee.drain();
            return applied;
        }
    }

    /**
     * What to tell of a layer that could not be unpacked. If the blob could not be written, that; else if the blob is not
     * what its digest says, that, which is known at its end. Whoever gives a layer up interrupts its reader, which closes the
     * file that was being written to: that is no reason of its own.
     */
    private static IOException reason(TeeStream tee, IOException unpacking) {
        try {
            if (tee.writeFailure() == null) {
                tee.drain();
                return unpacking;
            }
        } catch (ClosedChannelException e) {
            return unpacking;
        } catch (IOException e) {
            return e;
        }
        var write = tee.writeFailure();
        return write == null || write instanceof ClosedChannelException ? unpacking : write;
    }

    /** Publishes the layer's directory; false if its parents are needed after all. */
    private boolean settle(Snapshotter snapshotter, String key, AppliedLayer applied) throws IOException {
        if (!parent.isEmpty()) {
            try {
                unpacker.writer.settle(
                        snapshotter.layerDirectory(target.namespace(), key),
                        applied,
                        snapshotter.layers(target.namespace(), parent));
            } catch (ParentNeededException e) {
                return false;
            }
        }
        commit(snapshotter, key, parent);
        return true;
    }

    private void commit(Snapshotter snapshotter, String key, String parent) throws IOException {
        try {
            Failpoint.at("unpack.applied");
            snapshotter.commit(target.namespace(), target.lease(), chainId, key, parent, Map.of());
            Failpoint.at("unpack.committed");
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.ALREADY_EXISTS) {
                throw e;
            }
            snapshotter.remove(target.namespace(), key); // a client has unpacked the same layers by itself
        }
    }

    private void applyOntoParents(Snapshotter snapshotter, String key) throws IOException {
        check(unpacker.writer.mounted(this::open, snapshotter.mounts(target.namespace(), key)));
        commit(snapshotter, key, parent);
    }
}
