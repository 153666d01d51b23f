package io.drydock.containerd.stores.unpack;

import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.metadata.Leases;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Fetches the layers of an image, all at once, and unpacks them if asked. One for a whole containerd; safe for threads. */
public final class ParallelUnpacker {
    /** So many pipelines of all pulls run at a time: each takes a connection, three threads and two megabytes. */
    private static final int PIPELINES = 8;

    final ContentStore content;
    final Leases leases;
    final LayerWriter writer;
    final KeyedLocks locks = new KeyedLocks();
    final Semaphore pipelines = new Semaphore(PIPELINES, true);

    public ParallelUnpacker(ContentStore content, Leases leases, LayerWriter writer) {
        this.content = content;
        this.leases = leases;
        this.writer = writer;
    }

    /**
     * For whom and whereto.
     *
     * @param lease holds what comes until the image holds it
     * @param snapshotter to unpack with, null to fetch only
     */
    public record Target(
            String namespace, String lease, @Nullable Snapshotter snapshotter) {}

    /** The name of a stack of layers: {@code sha256} over the name of the stack below and the diff ID. */
    public static String chainId(String below, String diffId) {
        return below.isEmpty()
                ? diffId
                : Digest.sha256((below + " " + diffId).getBytes(StandardCharsets.US_ASCII))
                        .toString();
    }

    /**
     * Fetches and unpacks; returns when everything is published.
     *
     * @return the chain ID of all layers, empty without layers
     * @throws IOException the first failure of any layer, after all others have ended
     */
    public String unpack(Target target, List<Layer> layers, Layer.Source source, Layer.Listener listener)
            throws IOException {
        var failure = new AtomicReference<@Nullable Throwable>();
        var chainId = "";
        var below = CompletableFuture.<@Nullable Void>completedFuture(null);
        var jobs = new ArrayList<LayerJob>();
        for (var layer : layers) {
            var parent = chainId;
            chainId = chainId(parent, layer.diffId());
            var job = new LayerJob(this, target, layer, parent, chainId, below, source, listener);
            below = job.published();
            jobs.add(job);
            listener.step(layer, Layer.Step.WAITING, 0);
        }
        try (var threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("layer-", 0).factory())) {
            for (var job : jobs) {
                threads.execute(() -> run(job, failure, threads));
            }
        } catch (RejectedExecutionException e) {
            // an early layer has failed before the last one was begun
        }
        throwIfFailed(failure.get());
        if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("pull cancelled");
        }
        return chainId;
    }

    private static void run(LayerJob job, AtomicReference<@Nullable Throwable> failure, ExecutorService threads) {
        try {
            job.run();
            job.published().complete(null);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            threads.shutdownNow();
            job.published().completeExceptionally(e);
        }
    }

    private static void throwIfFailed(@Nullable Throwable failure) throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new InterruptedIOException("pull cancelled");
        }
    }
}
