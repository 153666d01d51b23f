package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.unpack.Layer;
import io.drydock.containerd.stores.unpack.ParallelUnpacker;
import io.drydock.image.remote.FetchedManifest;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One image from where it is into the content store and snapshots:
 *
 * <pre>
 *   manifest or index ─▶ index? choose manifests ─▶ manifest ─▶ config ─▶ all layers at once ─▶ labels that tie them together
 * </pre>
 *
 * Everything it makes is held by the lease until the image's name holds it.
 */
final class ImageIntake {
    private final Origin origin;
    private final Documents documents;
    private final ParallelUnpacker unpacker;
    private final String namespace;
    private final String lease;
    private final @Nullable Snapshotter snapshotter;
    private final ProgressReport progress;

    ImageIntake(
            Origin origin,
            Documents documents,
            ParallelUnpacker unpacker,
            ParallelUnpacker.Target target,
            ProgressReport progress) {
        this.origin = origin;
        this.documents = documents;
        this.unpacker = unpacker;
        this.namespace = target.namespace();
        this.lease = target.lease();
        this.snapshotter = target.snapshotter();
        this.progress = progress;
    }

    /** What the image's name shall stand for. */
    record Target(String mediaType, String digest, long size) {}

    /** Takes in what a manifest or index stands for. */
    Target take(FetchedManifest root) throws IOException {
        var type = mediaType(root);
        progress.step("resolved", type, root.digest(), 0, root.bytes().length);
        if (MediaTypes.isIndex(type)) {
            index(root);
        } else if (MediaTypes.isManifest(type)) {
            manifest(root.digest(), root.bytes(), snapshotter);
        } else {
            throw ContainerdError.invalid("unsupported media type \"" + type + "\" of " + root.digest());
        }
        return new Target(type, root.digest(), root.bytes().length);
    }

    /**
     * The type that the document itself claims goes before the header's. A document that could be read as both kinds is
     * refused: different programs would see different images (CVE-2021-41190).
     */
    private static String mediaType(FetchedManifest fetched) {
        var manifest = Documents.manifest(fetched.bytes());
        var index = Documents.index(fetched.bytes());
        boolean layers = manifest.config() != null || !manifest.layers().isEmpty();
        if (layers && !index.manifests().isEmpty()) {
            throw ContainerdError.invalid("manifest " + fetched.digest() + " has both layers and manifests");
        }
        var own = manifest.mediaType();
        if (own != null && !own.isEmpty()) {
            return own;
        }
        if (MediaTypes.isIndex(fetched.mediaType()) || MediaTypes.isManifest(fetched.mediaType())) {
            return fetched.mediaType();
        }
        return layers ? MediaTypes.MANIFEST : index.manifests().isEmpty() ? fetched.mediaType() : MediaTypes.INDEX;
    }

    private void index(FetchedManifest root) throws IOException {
        var index = Documents.index(root.bytes());
        var labels = origin.labels();
        for (var chosen : origin.choose(index)) {
            manifest(chosen.digest(), document(chosen), origin.unpacks(chosen) ? snapshotter : null);
            labels.put(Labels.GC_REF_CONTENT + ".m." + index.manifests().indexOf(chosen), chosen.digest());
        }
        documents.write(namespace, lease, root.digest(), root.bytes(), labels);
        progress.step("complete", MediaTypes.INDEX, root.digest(), root.bytes().length, root.bytes().length);
    }

    private byte[] document(Descriptor descriptor) throws IOException {
        if (documents.has(namespace, descriptor.digest())) {
            return documents.read(namespace, descriptor.digest());
        }
        progress.step("downloading", descriptor.mediaType(), descriptor.digest(), 0, descriptor.size());
        return origin.document(descriptor);
    }

    /** @param unpack null to take in the content only */
    private void manifest(String digest, byte[] bytes, @Nullable Snapshotter unpack) throws IOException {
        var manifest = Documents.manifest(bytes);
        var config = manifest.config();
        if (config == null) {
            throw ContainerdError.invalid("manifest " + digest + " has no config");
        }
        byte[] configBytes = document(config);
        var layers = unpack == null ? blobs(manifest) : layers(manifest, configBytes);
        var top = unpacker.unpack(
                new ParallelUnpacker.Target(namespace, lease, unpack),
                layers,
                layer -> origin.layer(layer.digest(), layer.size()),
                progress::layer);

        var configLabels = origin.labels();
        if (unpack != null && !top.isEmpty()) {
            configLabels.put(Labels.GC_REF_SNAPSHOT + unpack.name(), top);
        }
        documents.write(namespace, lease, config.digest(), configBytes, configLabels);
        progress.step("complete", config.mediaType(), config.digest(), config.size(), config.size());

        var labels = origin.labels();
        labels.put(Labels.GC_REF_CONTENT + ".config", config.digest());
        for (int i = 0; i < layers.size(); i++) {
            labels.put(Labels.GC_REF_CONTENT + ".l." + i, layers.get(i).digest());
        }
        documents.write(namespace, lease, digest, bytes, labels);
        progress.step("complete", MediaTypes.MANIFEST, digest, bytes.length, bytes.length);
    }

    /** Layers that are not unpacked may be anything. */
    private List<Layer> blobs(Manifest manifest) {
        return manifest.layers().stream()
                .map(blob -> new Layer(blob.mediaType(), blob.digest(), blob.size(), "", origin.labels()))
                .toList();
    }

    private List<Layer> layers(Manifest manifest, byte[] configBytes) {
        if (!manifest.layers().stream().allMatch(layer -> MediaTypes.isLayer(layer.mediaType()))) {
            throw ContainerdError.invalid("the image has layers of types that cannot be unpacked");
        }
        var rootfs = Documents.config(configBytes).rootfs();
        var diffIds = rootfs == null ? List.<String>of() : rootfs.diffIds();
        var blobs = manifest.layers();
        if (diffIds.size() != blobs.size()) {
            throw ContainerdError.invalid(
                    "mismatched image rootfs and manifest layers: " + diffIds.size() + " != " + blobs.size());
        }
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < blobs.size(); i++) {
            var labels = origin.labels();
            labels.put(Labels.UNCOMPRESSED, diffIds.get(i));
            var blob = blobs.get(i);
            layers.add(new Layer(blob.mediaType(), blob.digest(), blob.size(), diffIds.get(i), labels));
        }
        return layers;
    }
}
