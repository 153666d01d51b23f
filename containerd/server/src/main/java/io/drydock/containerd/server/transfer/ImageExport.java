package io.drydock.containerd.server.transfer;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.stores.metadata.Images;
import io.drydock.image.archive.bundle.BundleWriter;
import io.drydock.spec.containerd.types.transfer.ImageExportStream;
import io.drydock.spec.containerd.types.transfer.ImageStore;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Images by their names into an archive. */
final class ImageExport {
    private final ContentStore content;
    private final Images images;
    private final String namespace;

    ImageExport(ContentStore content, Images images, String namespace) {
        this.content = content;
        this.images = images;
        this.namespace = namespace;
    }

    void run(ImageStore store, ImageExportStream options, OutputStream out) throws IOException {
        var archive = new BundleWriter(out, new Stored());
        var choice = new Platforms(options);
        for (var name : names(store)) {
            var image = images.get(namespace, name);
            var descriptor = new Descriptor(
                    image.mediaType(), image.digest(), image.size(), List.of(), Map.of(), null, null, null);
            archive.add(descriptor, reference(name), choice);
        }
        archive.finish(!options.getSkipCompatibilityManifest());
    }

    private static List<String> names(ImageStore store) {
        var names = new ArrayList<String>();
        if (!store.getName().isEmpty()) {
            names.add(store.getName());
        }
        for (var reference : store.getExtraReferencesList()) {
            if (reference.getIsPrefix()) {
                throw new ContainerdError(
                        ContainerdError.Code.UNIMPLEMENTED, "prefix lookup on export not implemented");
            }
            names.add(reference.getName());
        }
        return names;
    }

    /** Names that are no references are left out: whoever reads the archive could not use them. */
    private static @Nullable Reference reference(String name) {
        try {
            return Reference.parse(name);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private final class Stored implements BundleWriter.Blobs {
        @Override
        public boolean has(String digest) {
            return new Documents(content).has(namespace, digest);
        }

        @Override
        public InputStream open(String digest) throws IOException {
            return Channels.newInputStream(content.open(namespace, digest));
        }
    }

    /** The wanted platforms; without any this machine's, or all. */
    private record Platforms(ImageExportStream options) implements BundleWriter.Choice {
        @Override
        public boolean wanted(Descriptor manifest) {
            return options.getAllPlatforms()
                    || (options.getPlatformsCount() == 0
                            ? PlatformMatch.isHost(manifest)
                            : PlatformMatch.isAny(manifest, options.getPlatformsList()));
        }

        @Override
        public boolean preferred(Descriptor manifest) {
            return options.getPlatformsCount() == 0
                    ? PlatformMatch.isHost(manifest)
                    : PlatformMatch.isAny(manifest, options.getPlatformsList());
        }
    }
}
