package io.drydock.containerd.stores.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * A layer to be fetched.
 *
 * @param size of the blob in bytes
 * @param diffId digest of the uncompressed tar, {@code sha256:…}
 * @param labels for the blob
 */
public record Layer(String mediaType, String digest, long size, String diffId, Map<String, String> labels) {
    public Layer {
        labels = Map.copyOf(labels);
    }

    /** What happens to a layer, in this order; {@code EXISTS} alone stands for all. */
    public enum Step {
        WAITING,
        DOWNLOADING,
        DOWNLOADED,
        EXTRACTING,
        EXTRACTED,
        EXISTS
    }

    /** Where blobs come from. */
    @FunctionalInterface
    public interface Source {
        /** The blob from its start. The caller closes it. */
        InputStream open(Layer layer) throws IOException;
    }

    /** Hears of every layer's steps, from several threads. */
    @FunctionalInterface
    public interface Listener {
        /** @param progress bytes of the blob that have come */
        void step(Layer layer, Step step, long progress);
    }
}
