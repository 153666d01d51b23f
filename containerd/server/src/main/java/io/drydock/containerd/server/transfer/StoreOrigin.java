package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.spec.containerd.types.Platform;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The content store itself: an archive's files are all there before its images are looked at. What is missing cannot come.
 *
 * @param platforms wanted of an index, none for all that are there
 */
record StoreOrigin(Documents documents, String namespace, List<Platform> platforms) implements Origin {

    @Override
    public byte[] document(Descriptor descriptor) {
        throw missing(descriptor.digest());
    }

    @Override
    public InputStream layer(String digest, long size) {
        throw missing(digest);
    }

    private static ContainerdError missing(String digest) {
        return ContainerdError.notFound("content " + digest);
    }

    @Override
    public Map<String, String> labels() {
        return new LinkedHashMap<>();
    }

    @Override
    public List<Descriptor> choose(Index index) throws IOException {
        if (!platforms.isEmpty()) {
            return PlatformMatch.choose(index, platforms);
        }
        var there = new ArrayList<Descriptor>();
        for (var manifest : index.manifests()) {
            if (MediaTypes.isManifest(manifest.mediaType()) && isComplete(manifest.digest())) {
                there.add(manifest);
            }
        }
        if (there.isEmpty() && !index.manifests().isEmpty()) {
            throw ContainerdError.notFound("none of the index's images is complete: content "
                    + index.manifests().getFirst().digest());
        }
        return there;
    }

    private boolean isComplete(String digest) throws IOException {
        if (!documents.has(namespace, digest)) {
            return false;
        }
        var manifest = Documents.manifest(documents.read(namespace, digest));
        var config = manifest.config();
        return (config == null || documents.has(namespace, config.digest()))
                && manifest.layers().stream().allMatch(layer -> documents.has(namespace, layer.digest()));
    }

    @Override
    public boolean unpacks(Descriptor manifest) {
        return !platforms.isEmpty() || PlatformMatch.isHost(manifest);
    }
}
