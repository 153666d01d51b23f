package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;

/** Manifests, indexes and configurations in the content store. */
final class Documents {
    /** Larger ones are no configuration of an image, but an attempt on our memory. */
    static final int LONGEST = 8 << 20;

    private final ContentStore content;

    Documents(ContentStore content) {
        this.content = content;
    }

    byte[] read(String namespace, String digest) throws IOException {
        try (var blob = content.open(namespace, digest)) {
            if (blob.size() > LONGEST) {
                throw new IOException("content " + digest + " is too large for a document: " + blob.size() + " bytes");
            }
            var bytes = ByteBuffer.allocate((int) blob.size());
            while (bytes.hasRemaining() && blob.read(bytes) >= 0) {
                // until all is read
            }
            return bytes.array();
        }
    }

    boolean has(String namespace, String digest) {
        try {
            content.info(namespace, digest);
            return true;
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    /** Stores a document; if it is there, its labels are completed. */
    void write(String namespace, String lease, String digest, byte[] bytes, Map<String, String> labels)
            throws IOException {
        // a ref of its own: two pulls of one image write the same document, and neither waits for the other
        var ref = "document-" + digest + "-" + UUID.randomUUID();
        boolean written = false;
        try (var ingest = content.ingest(namespace, lease, ref, bytes.length, digest)) {
            ingest.write(bytes, 0, bytes.length);
            ingest.commit(bytes.length, digest, labels);
            written = true;
        } catch (ContainerdError e) {
            if (e.code() != ContainerdError.Code.ALREADY_EXISTS) {
                throw e;
            }
            written = true;
            complete(namespace, digest, labels);
        } finally {
            if (!written) {
                content.abortIfThere(namespace, ref);
            }
        }
    }

    private void complete(String namespace, String digest, Map<String, String> labels) {
        var paths = new ArrayList<String>();
        labels.keySet().forEach(key -> paths.add("labels." + key));
        if (!paths.isEmpty()) {
            content.updateLabels(namespace, digest, labels, paths);
        }
    }

    static Manifest manifest(byte[] bytes) {
        return parsed(Manifest.class, bytes, "manifest");
    }

    static Index index(byte[] bytes) {
        return parsed(Index.class, bytes, "index");
    }

    static ImageConfig config(byte[] bytes) {
        return parsed(ImageConfig.class, bytes, "image config");
    }

    private static <T> T parsed(Class<T> type, byte[] bytes, String what) {
        try {
            return OciJson.read(type, bytes);
        } catch (IllegalArgumentException e) {
            throw ContainerdError.invalid("read " + what + ": " + e.getMessage());
        }
    }
}
