package io.drydock.docker.engine.image;

import io.drydock.spec.engine.Descriptor;
import io.drydock.spec.engine.ImageManifestSummary;
import io.drydock.spec.engine.ManifestImageData;
import io.drydock.spec.engine.ManifestImageSize;
import io.drydock.spec.engine.ManifestSize;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The manifests of an image, those of an index that are not here included: what the tree view shows. */
final class ImageManifests {
    private static final String KIND = "vnd.docker.reference.type";

    private final ImageCatalog catalog;

    ImageManifests(ImageCatalog catalog) {
        this.catalog = catalog;
    }

    /** @param containers that use the image */
    List<ImageManifestSummary> of(ImageDetails image, List<String> containers) {
        if (!MediaTypes.isIndex(image.mediaType())) {
            var platform = new Platform(
                    image.config().architecture(),
                    image.config().os(),
                    image.config().variant());
            long unpacked = catalog.unpackedSize(image);
            return List.of(new ImageManifestSummary(
                    image.id(),
                    new Descriptor(image.mediaType(), image.id(), image.size(), null, platform),
                    true,
                    new ManifestSize(unpacked + image.contentSize(), image.contentSize()),
                    "image",
                    new ManifestImageData(platform, new ManifestImageSize(unpacked), containers)));
        }
        var index = OciJson.read(Index.class, catalog.containerd().content().read(image.id()));
        var all = new ArrayList<ImageManifestSummary>();
        for (var member : index.manifests()) {
            boolean runs = member.digest().equals(image.manifestDigest());
            all.add(member(member, runs ? containers : List.of()));
        }
        return all;
    }

    private ImageManifestSummary member(io.drydock.spec.oci.image.Descriptor member, List<String> containers) {
        boolean attestation = "attestation-manifest".equals(member.annotations().get(KIND));
        var manifest = catalog.has(member.digest())
                ? OciJson.read(Manifest.class, catalog.containerd().content().read(member.digest()))
                : null;
        boolean available = manifest != null;
        long content = available ? member.size() : 0;
        for (var blob : manifest == null ? List.<io.drydock.spec.oci.image.Descriptor>of() : blobs(manifest)) {
            boolean there = catalog.has(blob.digest());
            available &= there;
            content += there ? blob.size() : 0;
        }
        var platform = platform(member);
        long unpacked = available && !attestation && manifest != null ? unpacked(manifest) : 0;
        return new ImageManifestSummary(
                member.digest(),
                new Descriptor(
                        member.mediaType(),
                        member.digest(),
                        member.size(),
                        member.annotations().isEmpty() ? null : member.annotations(),
                        platform),
                available,
                new ManifestSize(unpacked + content, content),
                attestation ? "attestation" : MediaTypes.isManifest(member.mediaType()) ? "image" : "unknown",
                attestation
                        ? null
                        : new ManifestImageData(
                                platform == null ? new Platform("", "", null) : platform,
                                new ManifestImageSize(unpacked),
                                containers));
    }

    private static @Nullable Platform platform(io.drydock.spec.oci.image.Descriptor member) {
        var platform = member.platform();
        return platform == null ? null : new Platform(platform.architecture(), platform.os(), platform.variant());
    }

    private static List<io.drydock.spec.oci.image.Descriptor> blobs(Manifest manifest) {
        var blobs = new ArrayList<>(manifest.layers());
        if (manifest.config() != null) {
            blobs.add(manifest.config());
        }
        return blobs;
    }

    private long unpacked(Manifest manifest) {
        var descriptor = manifest.config();
        if (descriptor == null) {
            return 0;
        }
        var config =
                OciJson.read(ImageConfig.class, catalog.containerd().content().read(descriptor.digest()));
        var rootfs = config.rootfs();
        return rootfs == null
                ? 0
                : ChainId.of(rootfs.diffIds()).stream()
                        .mapToLong(catalog::layerSize)
                        .sum();
    }
}
