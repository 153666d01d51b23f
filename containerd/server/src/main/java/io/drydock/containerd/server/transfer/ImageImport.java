package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.stores.unpack.ParallelUnpacker;
import io.drydock.image.archive.bundle.BundleReader;
import io.drydock.image.archive.bundle.ImageBundle;
import io.drydock.image.remote.FetchedManifest;
import io.drydock.spec.containerd.types.Platform;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The images of an archive into the content store and snapshots. Their names are the caller's business. Used once. */
final class ImageImport {
    private static final String SUBJECT = "io.containerd.manifest.subject";

    private final ParallelUnpacker.Target target;
    private final Documents documents;
    private final ArchiveBlobs blobs;
    private final ImageIntake intake;
    private final boolean compress;
    private final Map<String, ImageIntake.Target> done = new HashMap<>();
    private final List<Imported> imported = new ArrayList<>();

    /**
     * @param compress layers that the archive has uncompressed and without a manifest that says so
     * @param platforms wanted of indexes, none for all that the archive has
     */
    ImageImport(
            ContentStore content,
            ParallelUnpacker unpacker,
            ParallelUnpacker.Target target,
            boolean compress,
            List<Platform> platforms,
            ProgressReport progress) {
        this.target = target;
        this.documents = new Documents(content);
        this.blobs = new ArchiveBlobs(content, target.namespace(), target.lease());
        var origin = new StoreOrigin(documents, target.namespace(), platforms);
        this.intake = new ImageIntake(origin, documents, unpacker, target, progress);
        this.compress = compress;
    }

    /**
     * An image that has come, once for each of its names.
     *
     * @param annotations with the name, as an OCI layout has them
     */
    record Imported(Map<String, String> annotations, ImageIntake.Target target) {}

    List<Imported> run(InputStream archive) throws IOException {
        switch (BundleReader.read(archive, blobs)) {
            case ImageBundle.Layout layout -> {
                for (var member : layout.manifests()) {
                    if (!member.annotations().containsKey(SUBJECT)) { // else it belongs to another one of them
                        add(member.annotations(), read(member));
                    }
                }
            }
            case ImageBundle.Docker docker -> {
                for (var image : docker.images()) {
                    var manifest = manifest(image);
                    for (var name : image.names()) {
                        add(annotations(name), manifest);
                    }
                    if (image.names().isEmpty()) {
                        add(Map.of(), manifest);
                    }
                }
            }
        }
        return imported;
    }

    private void add(Map<String, String> annotations, FetchedManifest manifest) throws IOException {
        var known = done.get(manifest.digest());
        var taken = known == null ? intake.take(manifest) : known;
        done.put(manifest.digest(), taken);
        imported.add(new Imported(annotations, taken));
    }

    private FetchedManifest read(Descriptor member) throws IOException {
        return new FetchedManifest(
                member.mediaType(), member.digest(), documents.read(target.namespace(), member.digest()));
    }

    private static Map<String, String> annotations(String name) {
        try {
            var reference = Reference.parseWithDefaultTag(name);
            return Map.of(
                    ImageBundle.Layout.NAME,
                    reference.toString(),
                    ImageBundle.Layout.REF_NAME,
                    reference.object().orElse("latest"));
        } catch (IllegalArgumentException e) {
            throw ContainerdError.invalid("invalid tag \"" + name + "\": " + e.getMessage());
        }
    }

    /** Makes the manifest that an older archive does not have. */
    private FetchedManifest manifest(ImageBundle.DockerImage image) throws IOException {
        var rootfs = Documents.config(
                        documents.read(target.namespace(), image.config().digest()))
                .rootfs();
        int expected = rootfs == null ? 0 : rootfs.diffIds().size();
        if (expected != image.layers().size()) {
            throw ContainerdError.invalid("invalid manifest, layers length mismatch: expected "
                    + image.layers().size() + ", got " + expected);
        }
        var layers = new ArrayList<Descriptor>();
        for (var layer : image.layers()) {
            layers.add(blobs.layer(layer, compress));
        }
        var config = ArchiveBlobs.descriptor(
                MediaTypes.DOCKER_CONFIG,
                image.config().digest(),
                image.config().size());
        byte[] bytes = OciJson.write(
                Manifest.class, new Manifest(2, MediaTypes.DOCKER_MANIFEST, null, config, layers, null, Map.of()));
        return new FetchedManifest(
                MediaTypes.DOCKER_MANIFEST, Digest.sha256(bytes).toString(), bytes);
    }
}
