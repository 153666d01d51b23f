package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Labels;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.containerd.types.Platform;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A repository of a registry.
 *
 * @param platforms wanted, none for this machine's
 * @param attempts at a layer's connection that breaks; 0 for the usual number
 */
record RegistryOrigin(
        RemoteRepository repository, Reference reference, List<Platform> platforms, DownloadSlots slots, int attempts)
        implements Origin {

    @Override
    public byte[] document(Descriptor descriptor) throws IOException {
        if (MediaTypes.isManifest(descriptor.mediaType())) {
            return repository.manifest(descriptor.digest()).bytes();
        }
        if (descriptor.size() > Documents.LONGEST) {
            throw ContainerdError.invalid(
                    "image config " + descriptor.digest() + " is too large: " + descriptor.size() + " bytes");
        }
        try (var in = repository.blob(descriptor.digest(), descriptor.size(), 0)) {
            return in.readAllBytes();
        }
    }

    @Override
    public InputStream layer(String digest, long size) throws IOException {
        return slots.open(
                () -> attempts == 0 ? repository.blob(digest, size, 0) : repository.blob(digest, size, 0, attempts));
    }

    /** Says where a blob came from: a push to the same registry may mount it from there. */
    @Override
    public Map<String, String> labels() {
        var labels = new LinkedHashMap<String, String>();
        labels.put(Labels.DISTRIBUTION_SOURCE + reference.domain(), reference.path());
        return labels;
    }

    @Override
    public List<Descriptor> choose(Index index) {
        return PlatformMatch.choose(index, platforms);
    }

    @Override
    public boolean unpacks(Descriptor manifest) {
        return true;
    }
}
