package io.drydock.docker.engine.image;

import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.Manifest;
import java.util.List;

/**
 * What the blobs of an image say: immutable, known by the digest.
 *
 * @param id the digest the image's name points at: of a manifest or an index
 * @param mediaType of that blob
 * @param size bytes of that blob
 * @param manifestDigest of the manifest for this machine; the same as the id unless that is an index
 * @param manifest that manifest
 * @param configDigest of the image config
 * @param config the image config
 * @param chainIds the snapshots of the layers, the lowest first
 */
public record ImageDetails(
        String id,
        String mediaType,
        long size,
        String manifestDigest,
        Manifest manifest,
        String configDigest,
        ImageConfig config,
        List<String> chainIds) {

    /** Copies the list. */
    public ImageDetails {
        chainIds = List.copyOf(chainIds);
    }

    /** The snapshot a container's root is prepared from; empty for an image without layers. */
    public String chainId() {
        return chainIds.isEmpty() ? "" : chainIds.getLast();
    }

    /** Bytes of the compressed layers, the config and the manifest. */
    public long contentSize() {
        long layers =
                manifest.layers().stream().mapToLong(layer -> layer.size()).sum();
        return layers + (manifest.config() == null ? 0 : manifest.config().size()) + size;
    }
}
