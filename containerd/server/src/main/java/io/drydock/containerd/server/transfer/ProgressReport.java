package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.EventBus;
import io.drydock.containerd.stores.unpack.Layer;
import io.drydock.spec.containerd.types.Descriptor;
import io.drydock.spec.containerd.types.transfer.Progress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client how a transfer goes. Steps are all told; how many bytes of one have come is told ten times a second at
 * most, and not to a client that does not keep up. Safe for threads.
 */
final class ProgressReport {
    private static final long INTERVAL_NANOS = 100_000_000;

    private final Streams.@Nullable Open stream;
    private final Map<String, Long> told = new ConcurrentHashMap<>();

    /** @param stream null if nobody listens */
    ProgressReport(Streams.@Nullable Open stream) {
        this.stream = stream;
    }

    /** Something that is no blob. */
    void event(String event, String name) {
        send(Progress.newBuilder().setEvent(event).setName(name));
    }

    /** A blob's step. */
    void step(String event, String mediaType, String digest, long progress, long size) {
        if (stream == null) {
            return;
        }
        told.remove(digest);
        send(blob(event, mediaType, digest, progress, size));
    }

    /** A blob's last step, with a name that tells more than its digest. */
    void named(String event, String name, String mediaType, String digest, long size) {
        send(blob(event, mediaType, digest, size, size).setName(name));
    }

    /** How many bytes of a blob have come. */
    void bytes(String event, String mediaType, String digest, long progress, long size) {
        if (stream == null) {
            return;
        }
        long now = System.nanoTime();
        var last = told.get(digest);
        if (last == null || now - last > INTERVAL_NANOS && stream.isReady()) {
            told.put(digest, now);
            send(blob(event, mediaType, digest, progress, size));
        }
    }

    /** A layer of a pull. */
    void layer(Layer layer, Layer.Step step, long progress) {
        var event =
                switch (step) {
                    case WAITING -> "waiting";
                    case DOWNLOADING -> "downloading";
                    case DOWNLOADED -> "complete";
                    case EXTRACTING -> "extracting";
                    case EXTRACTED -> "extracted";
                    case EXISTS -> "already exists";
                };
        boolean underway = step == Layer.Step.DOWNLOADING || step == Layer.Step.EXTRACTING;
        if (underway && progress > 0 && progress < layer.size()) {
            bytes(event, layer.mediaType(), layer.digest(), progress, layer.size());
        } else {
            step(event, layer.mediaType(), layer.digest(), progress, layer.size());
        }
    }

    private static Progress.Builder blob(String event, String mediaType, String digest, long progress, long size) {
        return Progress.newBuilder()
                .setEvent(event)
                .setName(digest)
                .setProgress(progress)
                .setTotal(size)
                .setDesc(Descriptor.newBuilder()
                        .setMediaType(mediaType)
                        .setDigest(digest)
                        .setSize(size));
    }

    private void send(Progress.Builder progress) {
        if (stream != null) {
            stream.send(EventBus.pack(progress.build()));
        }
    }

    /** Nothing more comes. */
    void end() {
        if (stream != null) {
            stream.end();
        }
    }
}
