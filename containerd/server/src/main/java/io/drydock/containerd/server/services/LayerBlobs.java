package io.drydock.containerd.server.services;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.core.Snapshotter.Mount;
import io.drydock.containerd.stores.unpack.MountDiff;
import io.drydock.image.archive.stream.Compression;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Differences between snapshots as blobs: written, compressed and hashed in one pass, labelled with their diff IDs. */
public final class LayerBlobs {
    private static final int BUFFER = 256 * 1024;

    private final ContentStore content;
    private final MountDiff differences;

    public LayerBlobs(ContentStore content, MountDiff differences) {
        this.content = content;
        this.differences = differences;
    }

    /** Whose the blob is; the lease is empty for none. */
    record Holder(String namespace, String lease) {}

    /**
     * What blob is wanted.
     *
     * @param ref of the ingest, empty for one that nobody else knows
     * @param latest second since 1970; what was modified later is written as if then
     */
    record Wish(String mediaType, String ref, Map<String, String> labels, long latest) {}

    /** A blob that is there; size in bytes. */
    record Made(String mediaType, String digest, long size) {}

    private static Compression compressionOf(String mediaType) {
        return switch (mediaType) {
            case MediaTypes.LAYER -> Compression.NONE;
            case MediaTypes.LAYER_GZIP -> Compression.GZIP;
            case MediaTypes.LAYER_ZSTD -> Compression.ZSTD;
            default ->
                throw new ContainerdError(
                        ContainerdError.Code.UNIMPLEMENTED,
                        "unsupported diff media type: " + mediaType + ": not implemented");
        };
    }

    /** Makes the blob. What was written is dropped if that fails, unless its ref is the caller's. */
    Made make(Holder holder, List<Mount> lower, List<Mount> upper, Wish wish) throws IOException {
        var compression = compressionOf(wish.mediaType());
        var ref = wish.ref().isEmpty() ? "diff-" + UUID.randomUUID() : wish.ref();
        boolean done = false;
        try (var ingest = content.ingest(holder.namespace(), holder.lease(), ref, 0, "")) {
            if (ingest.offset() > 0) {
                ingest.restart();
            }
            var diffId = write(ingest, compression, lower, upper, wish.latest());
            var digest = ingest.digest();
            commit(ingest, wish, compression == Compression.NONE ? Optional.empty() : Optional.of(diffId));
            done = true;
            return labelled(holder.namespace(), wish.mediaType(), digest, diffId);
        } finally {
            if (!done && wish.ref().isEmpty()) {
                content.abortIfThere(holder.namespace(), ref);
            }
        }
    }

    private String write(
            ContentStore.Ingest ingest, Compression compression, List<Mount> lower, List<Mount> upper, long latest)
            throws IOException {
        var sha256 = sha256();
        try (var packed = compression.compress(ingest.stream());
                var plain = new BufferedOutputStream(new DigestOutputStream(packed, sha256), BUFFER)) {
            differences.write(lower, upper, latest, plain);
        }
        return "sha256:" + HexFormat.of().formatHex(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void commit(ContentStore.Ingest ingest, Wish wish, Optional<String> diffId) throws IOException {
        var labels = new HashMap<>(wish.labels());
        diffId.ifPresent(id -> labels.put(Labels.UNCOMPRESSED, id));
        try {
            ingest.commit(0, "", labels);
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.ALREADY_EXISTS) {
                throw e;
            }
        }
    }

    /** A blob that was there before may lack the label. */
    private Made labelled(String namespace, String mediaType, String digest, String diffId) {
        var info = content.info(namespace, digest);
        if (!info.labels().containsKey(Labels.UNCOMPRESSED) && !digest.equals(diffId)) {
            content.updateLabels(
                    namespace, digest, Map.of(Labels.UNCOMPRESSED, diffId), List.of("labels." + Labels.UNCOMPRESSED));
        }
        return new Made(mediaType, info.digest(), info.size());
    }
}
