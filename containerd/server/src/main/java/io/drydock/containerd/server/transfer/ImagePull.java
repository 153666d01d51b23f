package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Labels;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.stores.unpack.Layer;
import io.drydock.containerd.stores.unpack.ParallelUnpacker;
import io.drydock.image.remote.FetchedManifest;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.spec.containerd.types.Platform;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One image from a registry into the content store and snapshots:
 *
 * <pre>
 *   resolve ─▶ index? choose manifests ─▶ manifest ─▶ config ─▶ all layers at once ─▶ labels that tie them together
 * </pre>
 *
 * Everything it makes is held by the lease until the image's name holds it.
 */
final class ImagePull {
    private final RemoteRepository repository;
    private final Reference reference;
    private final Documents documents;
    private final ParallelUnpacker unpacker;
    private final String namespace;
    private final String lease;
    private final @Nullable Snapshotter snapshotter;
    private final ProgressReport progress;

    ImagePull(
            RemoteRepository repository,
            Reference reference,
            Documents documents,
            ParallelUnpacker unpacker,
            ParallelUnpacker.Target target,
            ProgressReport progress) {
        this.repository = repository;
        this.reference = reference;
        this.documents = documents;
        this.unpacker = unpacker;
        this.namespace = target.namespace();
        this.lease = target.lease();
        this.snapshotter = target.snapshotter();
        this.progress = progress;
    }

    /** What the image's name shall stand for. */
    record Target(String mediaType, String digest, long size) {}

    /** @param platforms none for this machine's */
    Target pull(FetchedManifest root, List<Platform> platforms) throws IOException {
        var type = mediaType(root);
        progress.step("resolved", type, root.digest(), 0, root.bytes().length);
        if (MediaTypes.isIndex(type)) {
            index(root, platforms);
        } else if (MediaTypes.isManifest(type)) {
            manifest(root.digest(), root.bytes());
        } else {
            throw ContainerdError.invalid("unsupported media type \"" + type + "\" of " + reference);
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

    private void index(FetchedManifest root, List<Platform> platforms) throws IOException {
        var index = Documents.index(root.bytes());
        var labels = source();
        for (var chosen : PlatformMatch.choose(index, platforms)) {
            byte[] bytes;
            if (documents.has(namespace, chosen.digest())) {
                bytes = documents.read(namespace, chosen.digest());
            } else {
                progress.step("downloading", chosen.mediaType(), chosen.digest(), 0, chosen.size());
                bytes = repository.manifest(chosen.digest()).bytes();
            }
            manifest(chosen.digest(), bytes);
            labels.put(Labels.GC_REF_CONTENT + ".m." + index.manifests().indexOf(chosen), chosen.digest());
        }
        documents.write(namespace, lease, root.digest(), root.bytes(), labels);
        progress.step("complete", MediaTypes.INDEX, root.digest(), root.bytes().length, root.bytes().length);
    }

    private void manifest(String digest, byte[] bytes) throws IOException {
        var manifest = Documents.manifest(bytes);
        var config = manifest.config();
        if (config == null) {
            throw ContainerdError.invalid("manifest " + digest + " has no config");
        }
        byte[] configBytes = config(config);
        var layers = layers(manifest, configBytes);
        var top = unpacker.unpack(
                new ParallelUnpacker.Target(namespace, lease, snapshotter),
                layers,
                layer -> repository.blob(layer.digest(), layer.size(), 0),
                progress::layer);

        var configLabels = source();
        if (snapshotter != null && !top.isEmpty()) {
            configLabels.put(Labels.GC_REF_SNAPSHOT + snapshotter.name(), top);
        }
        documents.write(namespace, lease, config.digest(), configBytes, configLabels);
        progress.step("complete", config.mediaType(), config.digest(), config.size(), config.size());

        var labels = source();
        labels.put(Labels.GC_REF_CONTENT + ".config", config.digest());
        for (int i = 0; i < layers.size(); i++) {
            labels.put(Labels.GC_REF_CONTENT + ".l." + i, layers.get(i).digest());
        }
        documents.write(namespace, lease, digest, bytes, labels);
        progress.step("complete", MediaTypes.MANIFEST, digest, bytes.length, bytes.length);
    }

    private byte[] config(Descriptor config) throws IOException {
        if (documents.has(namespace, config.digest())) {
            return documents.read(namespace, config.digest());
        }
        if (config.size() > Documents.LONGEST) {
            throw ContainerdError.invalid(
                    "image config " + config.digest() + " is too large: " + config.size() + " bytes");
        }
        progress.step("downloading", config.mediaType(), config.digest(), 0, config.size());
        try (var in = repository.blob(config.digest(), config.size(), 0)) {
            return in.readAllBytes();
        }
    }

    private List<Layer> layers(Manifest manifest, byte[] configBytes) {
        var blobs = manifest.layers().stream()
                .filter(layer -> MediaTypes.isLayer(layer.mediaType()))
                .toList();
        if (blobs.size() != manifest.layers().size() && snapshotter != null) {
            throw ContainerdError.invalid("the image has layers of types that cannot be unpacked");
        }
        var rootfs = Documents.config(configBytes).rootfs();
        var diffIds = rootfs == null ? List.<String>of() : rootfs.diffIds();
        if (diffIds.size() != blobs.size()) {
            throw ContainerdError.invalid(
                    "mismatched image rootfs and manifest layers: " + diffIds.size() + " != " + blobs.size());
        }
        var layers = new ArrayList<Layer>();
        for (int i = 0; i < blobs.size(); i++) {
            var labels = source();
            labels.put(Labels.UNCOMPRESSED, diffIds.get(i));
            var blob = blobs.get(i);
            layers.add(new Layer(blob.mediaType(), blob.digest(), blob.size(), diffIds.get(i), labels));
        }
        return layers;
    }

    /** Says where a blob came from: a push to the same registry may mount it from there. */
    private Map<String, String> source() {
        var labels = new LinkedHashMap<String, String>();
        labels.put(Labels.DISTRIBUTION_SOURCE + reference.domain(), reference.path());
        return labels;
    }
}
