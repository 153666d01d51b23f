package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.Descriptor;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes the blobs that make layers an image, with the labels by which the garbage collector finds what they refer to. */
final class ImageBlobs {
    private ImageBlobs() {}

    /** Stores config and manifest; returns the manifest. */
    static Descriptor store(ContainerdClient containerd, ImageConfig config, List<Descriptor> layers)
            throws IOException {
        byte[] configJson = OciJson.write(ImageConfig.class, config);
        var diffIds =
                config.rootfs() == null ? List.<String>of() : config.rootfs().diffIds();
        var configLabels = diffIds.isEmpty()
                ? Map.<String, String>of()
                : Map.of(
                        "containerd.io/gc.ref.snapshot." + ImageCatalog.SNAPSHOTTER,
                        ChainId.of(diffIds).getLast());
        var configDescriptor = put(containerd, MediaTypes.CONFIG, configJson, configLabels);
        return manifest(containerd, configDescriptor, layers);
    }

    /** Stores the manifest of a config and layers that are there. */
    static Descriptor manifest(ContainerdClient containerd, Descriptor config, List<Descriptor> layers)
            throws IOException {
        var manifest = new Manifest(
                2,
                MediaTypes.MANIFEST,
                null,
                oci(config),
                layers.stream().map(ImageBlobs::oci).toList(),
                null,
                Map.of());
        return put(containerd, MediaTypes.MANIFEST, OciJson.write(Manifest.class, manifest), labels(manifest));
    }

    /** The labels of a manifest that hold its blobs. */
    static Map<String, String> labels(Manifest manifest) {
        var labels = new LinkedHashMap<String, String>();
        if (manifest.config() != null) {
            labels.put("containerd.io/gc.ref.content.config", manifest.config().digest());
        }
        for (int i = 0; i < manifest.layers().size(); i++) {
            labels.put(
                    "containerd.io/gc.ref.content.l." + i,
                    manifest.layers().get(i).digest());
        }
        return labels;
    }

    private static Descriptor put(
            ContainerdClient containerd, String mediaType, byte[] blob, Map<String, String> labels) throws IOException {
        var descriptor = new Descriptor(mediaType, Digest.sha256(blob).toString(), blob.length);
        containerd
                .content()
                .write("engine-blob-" + descriptor.digest(), descriptor, new ByteArrayInputStream(blob), labels);
        return descriptor;
    }

    private static io.drydock.spec.oci.image.Descriptor oci(Descriptor descriptor) {
        return new io.drydock.spec.oci.image.Descriptor(
                descriptor.mediaType(), descriptor.digest(), descriptor.size(), List.of(), Map.of(), null, null, null);
    }
}
