package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Descriptor;
import io.drydock.image.archive.bundle.BundleReader;
import io.drydock.image.archive.bundle.ImageBundle;
import io.drydock.image.archive.bundle.ImageBundle.DockerImage;
import io.drydock.image.archive.bundle.ImageBundle.Stored;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.engine.ProgressDetail;
import io.drydock.spec.engine.ProgressMessage;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.ImageConfig;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Loads images from an archive. Blobs stream into the content store while the archive is read; then the layers are unpacked
 * and the images named. A lease holds everything until the names do: what a failure leaves is collected.
 */
final class ImageLoader {
    private final ImageCatalog catalog;
    private final ImageTags tags;
    private final LayerStore layers;
    private final EventSink events;

    ImageLoader(ImageCatalog catalog, ImageTags tags, LayerStore layers, EventSink events) {
        this.catalog = catalog;
        this.tags = tags;
        this.layers = layers;
        this.events = events;
    }

    /** @param platforms of images for several, none for all that the archive has */
    void load(InputStream tar, List<Platform> platforms, boolean quiet, Progress progress) throws IOException {
        layers.leased(
                leased -> {
                    var bundle = read(tar, leased);
                    var loading = new Loading(leased, platforms, quiet, progress);
                    switch (bundle) {
                        case ImageBundle.Docker docker -> {
                            for (var image : docker.images()) {
                                loading.docker(image);
                            }
                        }
                        case ImageBundle.Layout layout -> loading.layout(layout);
                    }
                    return bundle;
                },
                !platforms.isEmpty()); // an index must not be seen with images that were not wanted
    }

    private static ImageBundle read(InputStream tar, ContainerdClient leased) throws IOException {
        try {
            return BundleReader.read(
                    tar, (size, content) -> leased.content().write("engine-load-" + UUID.randomUUID(), size, content));
        } catch (IOException e) {
            throw EngineException.system("Error processing tar file(exit status 1): " + e.getMessage(), e);
        }
    }

    /** One archive's images into one lease. */
    private final class Loading {
        private final ContainerdClient leased;
        private final List<Platform> platforms;
        private final boolean quiet;
        private final Progress progress;

        Loading(ContainerdClient leased, List<Platform> platforms, boolean quiet, Progress progress) {
            this.leased = leased;
            this.platforms = platforms;
            this.quiet = quiet;
            this.progress = progress;
        }

        void docker(DockerImage image) throws IOException {
            var config = config(image.config().digest());
            var blobs = image.layers().stream().map(Loading::layer).toList();
            var top = unpack(blobs, diffIds(config));
            leased.content().updateLabels(image.config().digest(), snapshotLabel(top));
            var manifest = ImageBlobs.manifest(
                    leased,
                    new Descriptor(
                            MediaTypes.DOCKER_CONFIG,
                            image.config().digest(),
                            image.config().size()),
                    blobs);
            var names = new ArrayList<Reference>();
            for (var name : image.names()) {
                names.add(ImageNames.parse(name));
            }
            name(manifest, names);
        }

        private static Descriptor layer(Stored stored) {
            var type =
                    switch (stored.compression()) {
                        case NONE -> MediaTypes.LAYER;
                        case GZIP -> MediaTypes.LAYER_GZIP;
                        case ZSTD -> MediaTypes.LAYER_ZSTD;
                        case BZIP2, XZ ->
                            throw EngineException.invalid("a layer is compressed with " + stored.compression()
                                    + ": only gzip and zstd are supported");
                    };
            return new Descriptor(type, stored.digest(), stored.size());
        }

        private ImageConfig config(String digest) {
            try {
                return OciJson.read(ImageConfig.class, leased.content().read(digest));
            } catch (IllegalArgumentException e) {
                throw EngineException.invalid("invalid image config " + digest + ": " + e.getMessage());
            }
        }

        private static List<String> diffIds(ImageConfig config) {
            return config.rootfs() == null ? List.of() : config.rootfs().diffIds();
        }

        private static Map<String, String> snapshotLabel(String top) {
            return top.isEmpty() ? Map.of() : Map.of("containerd.io/gc.ref.snapshot." + ImageCatalog.SNAPSHOTTER, top);
        }

        /** The chain ID of all layers. */
        private String unpack(List<Descriptor> blobs, List<String> diffIds) throws IOException {
            if (blobs.size() != diffIds.size()) {
                throw EngineException.invalid("invalid manifest, layers length mismatch: expected " + diffIds.size()
                        + ", got " + blobs.size());
            }
            var chain = ChainId.of(diffIds);
            for (int i = 0; i < blobs.size(); i++) {
                var blob = blobs.get(i);
                var id = diffIds.get(i).substring(7, 19);
                int number = i;
                if (!quiet) {
                    progress.step(id, "Loading layer", new ProgressDetail(0L, blob.size(), null, null));
                }
                layers.unpack(leased, blob, i == 0 ? "" : chain.get(i - 1), chain.get(i), diffId -> {
                    if (!diffId.equals(diffIds.get(number))) {
                        throw EngineException.invalid("invalid diffID for layer " + number + ": expected \""
                                + diffIds.get(number) + "\", got \"" + diffId + "\"");
                    }
                });
                if (!quiet) {
                    progress.step(id, "Loading layer", new ProgressDetail(blob.size(), blob.size(), null, null));
                }
            }
            return chain.isEmpty() ? "" : chain.getLast();
        }

        void layout(ImageBundle.Layout layout) throws IOException {
            var names = new LinkedHashMap<Descriptor, List<Reference>>();
            for (var member : layout.manifests()) {
                var target = new Descriptor(member.mediaType(), member.digest(), member.size());
                var name = name(member);
                var all = names.computeIfAbsent(target, key -> new ArrayList<>());
                if (name != null) {
                    all.add(name);
                }
            }
            for (var image : names.entrySet()) {
                if (!tree(image.getKey(), true)) {
                    throw EngineException.notFound("image " + image.getKey().digest()
                            + " in the archive is not for the requested platform(s)");
                }
                name(image.getKey(), image.getValue());
            }
        }

        private static @Nullable Reference name(io.drydock.spec.oci.image.Descriptor member) {
            var full = member.annotations().get(ImageBundle.Layout.NAME);
            if (full != null) {
                return ImageNames.parse(full);
            }
            var name = member.annotations().getOrDefault(ImageBundle.Layout.REF_NAME, "");
            // a mere tag does not say of what
            return name.indexOf(':') > 0 || name.indexOf('/') > 0 ? ImageNames.parse(name) : null;
        }

        /** Unpacks what is to be unpacked and ties all that is there together; false if nothing that is wanted is there. */
        private boolean tree(Descriptor target, boolean alone) throws IOException {
            if (MediaTypes.isIndex(target.mediaType())) {
                var index = read(target, Index.class);
                var labels = new LinkedHashMap<String, String>();
                boolean any = false;
                for (int i = 0; i < index.manifests().size(); i++) {
                    var member = index.manifests().get(i);
                    if (isWanted(member) && isThere(member.digest())) {
                        any |= tree(new Descriptor(member.mediaType(), member.digest(), member.size()), false);
                        labels.put("containerd.io/gc.ref.content.m." + i, member.digest());
                    }
                }
                leased.content().updateLabels(target.digest(), labels);
                return any;
            }
            if (!MediaTypes.isManifest(target.mediaType())) {
                throw EngineException.invalid(
                        "unsupported media type " + target.mediaType() + " of " + target.digest());
            }
            return manifest(target, alone);
        }

        private boolean isWanted(ImageConfig config) {
            var platform = new io.drydock.spec.oci.image.Platform(
                    config.architecture(), config.os(), null, List.of(), config.variant());
            return platforms.stream().anyMatch(wanted -> ImageCatalog.matches(platform, wanted));
        }

        private boolean isWanted(io.drydock.spec.oci.image.Descriptor member) {
            return platforms.isEmpty()
                    || platforms.stream().anyMatch(platform -> ImageCatalog.matches(member.platform(), platform));
        }

        /** Unpacks an image that is for this machine, was asked for, or stands alone. */
        private boolean manifest(Descriptor target, boolean alone) throws IOException {
            var manifest = read(target, Manifest.class);
            if (manifest.config() == null) {
                throw EngineException.invalid("manifest " + target.digest() + " has no config");
            }
            var config = config(manifest.config().digest());
            boolean wanted = platforms.isEmpty() || isWanted(config);
            if (wanted && (alone || !platforms.isEmpty() || catalog.isForThisMachine(config))) {
                var top = unpack(
                        manifest.layers().stream()
                                .map(layer -> new Descriptor(layer.mediaType(), layer.digest(), layer.size()))
                                .toList(),
                        diffIds(config));
                leased.content().updateLabels(manifest.config().digest(), snapshotLabel(top));
            }
            leased.content().updateLabels(target.digest(), ImageBlobs.labels(manifest));
            return wanted;
        }

        private <T> T read(Descriptor target, Class<T> type) {
            byte[] bytes;
            try {
                bytes = leased.content().read(target.digest());
            } catch (ContainerdException e) {
                throw EngineException.invalid("the archive has no blob " + target.digest());
            }
            if (!Digest.sha256(bytes).toString().equals(target.digest())) {
                throw EngineException.invalid("blob " + target.digest() + " is damaged");
            }
            try {
                return OciJson.read(type, bytes);
            } catch (IllegalArgumentException e) {
                throw EngineException.invalid("blob " + target.digest() + ": " + e.getMessage());
            }
        }

        private boolean isThere(String digest) {
            try {
                return leased.content().info(digest).size() >= 0;
            } catch (ContainerdException e) {
                if (e.notFound()) {
                    return false;
                }
                throw e;
            }
        }

        private void name(Descriptor target, List<Reference> names) throws IOException {
            for (var name : names) {
                var old = catalog.byName(name.toString());
                if (old != null && !old.target().digest().equals(target.digest())) {
                    say("The image " + name.familiar() + " already exists, renaming the old one with ID "
                            + old.target().digest() + " to empty string");
                }
                tags.put(name, target);
                say("Loaded image: " + name.familiar());
            }
            if (names.isEmpty()) {
                if (catalog.namesOf(target.digest()).isEmpty()) {
                    tags.keepNameless(target);
                }
                say("Loaded image ID: " + target.digest());
            }
            events.publish("image", "load", target.digest(), Map.of("name", target.digest()));
        }

        private void say(String text) throws IOException {
            progress.send(new ProgressMessage(null, null, null, null, text + "\n", null, null, null));
        }
    }
}
