package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Labels;
import io.drydock.image.archive.bundle.ImageBundle;
import io.drydock.image.archive.stream.GzipWriter;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/** Puts an archive's blobs into the content store, held by a lease. Used by one thread. */
final class ArchiveBlobs implements ImageBundle.Sink {
    private static final int BUFFER = 256 * 1024;

    private final ContentStore content;
    private final String namespace;
    private final String lease;

    ArchiveBlobs(ContentStore content, String namespace, String lease) {
        this.content = content;
        this.namespace = namespace;
        this.lease = lease;
    }

    @Override
    public String store(long size, InputStream in) throws IOException {
        return ingest(size, Map.of(), out -> copy(in, out)).digest();
    }

    /** A layer of an archive; one that is not compressed is compressed if asked. */
    Descriptor layer(ImageBundle.Stored layer, boolean compress) throws IOException {
        return switch (layer.compression()) {
            case NONE ->
                compress
                        ? compressed(layer.digest())
                        : descriptor(MediaTypes.DOCKER_LAYER, layer.digest(), layer.size());
            case GZIP -> descriptor(MediaTypes.DOCKER_LAYER_GZIP, layer.digest(), layer.size());
            case ZSTD -> descriptor(MediaTypes.DOCKER_LAYER_ZSTD, layer.digest(), layer.size());
            case BZIP2, XZ ->
                throw ContainerdError.invalid("layer " + layer.digest() + " is compressed with "
                        + layer.compression().name().toLowerCase(Locale.ROOT) + ", not with gzip or zstd");
        };
    }

    private Descriptor compressed(String digest) throws IOException {
        var labels = new HashMap<>(Map.of(Labels.UNCOMPRESSED, digest));
        try (var in = Channels.newInputStream(content.open(namespace, digest))) {
            var blob = ingest(0, labels, out -> {
                try (var gzip = new GzipWriter(out)) {
                    copy(in, gzip);
                }
            });
            return descriptor(MediaTypes.DOCKER_LAYER_GZIP, blob.digest(), blob.size());
        }
    }

    static Descriptor descriptor(String type, String digest, long size) {
        return new Descriptor(type, digest, size, List.of(), Map.of(), null, null, null);
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("import cancelled");
            }
            out.write(buffer, 0, count);
        }
    }

    /** Writes what becomes a blob. */
    private interface Filling {
        void fill(OutputStream out) throws IOException;
    }

    private record Ingested(String digest, long size) {}

    /** Makes a blob; nothing is left of it if that fails. */
    private Ingested ingest(long size, Map<String, String> labels, Filling filling) throws IOException {
        String ref = "import-" + UUID.randomUUID();
        boolean done = false;
        try (var ingest = content.ingest(namespace, lease, ref, size, "")) {
            filling.fill(ingest.stream());
            var ingested = new Ingested(ingest.digest(), ingest.offset());
            try {
                ingest.commit(size, "", labels);
            } catch (ContainerdError e) {
                if (e.code() != ContainerdError.Code.ALREADY_EXISTS) {
                    throw e;
                }
            }
            done = true;
            return ingested;
        } finally {
            if (!done) {
                content.abortIfThere(namespace, ref);
            }
        }
    }
}
