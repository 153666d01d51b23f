package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a manifest refers to.
 *
 * @param blobs its configuration and layers
 * @param manifests the members of an index
 * @param subject what it is about
 */
public record References(List<Digest> blobs, List<Digest> manifests, Optional<Digest> subject) {

    /**
     * Reads a manifest or index.
     *
     * @throws IllegalArgumentException when it is neither, or names something by what is no digest
     */
    public static References of(byte[] bytes) {
        var manifest = OciJson.read(Manifest.class, bytes);
        var index = OciJson.read(Index.class, bytes);
        var blobs = new ArrayList<Digest>();
        if (manifest.config() != null) {
            blobs.add(Digest.parse(manifest.config().digest()));
        }
        // layers that may not be distributed are elsewhere
        manifest.layers().stream()
                .filter(layer -> layer.urls().isEmpty())
                .forEach(layer -> blobs.add(Digest.parse(layer.digest())));
        var manifests = index.manifests().stream()
                .map(Descriptor::digest)
                .map(Digest::parse)
                .toList();
        return new References(
                List.copyOf(blobs),
                manifests,
                Optional.ofNullable(manifest.subject()).map(Descriptor::digest).map(Digest::parse));
    }

    /** What a manifest is about; nothing if it is none that could be about something. */
    static Optional<Digest> subjectOf(byte[] bytes) {
        try {
            return of(bytes).subject();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
