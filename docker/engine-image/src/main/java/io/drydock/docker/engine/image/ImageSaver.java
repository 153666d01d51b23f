package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdException;
import io.drydock.image.archive.bundle.BundleWriter;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Platform;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes images into one archive: an OCI layout with Docker's {@code manifest.json} beside it, which engines old and new,
 * skopeo and podman read. Layers stay as they are in the content store, compressed or not.
 */
final class ImageSaver {
    private final ImageCatalog catalog;
    private final EventSink events;

    ImageSaver(ImageCatalog catalog, EventSink events) {
        this.catalog = catalog;
        this.events = events;
    }

    /** An image with the names it is saved under. */
    record Chosen(Descriptor target, List<Reference> names) {}

    /** @throws EngineException NOT_FOUND for a name of nothing */
    List<Chosen> select(List<String> names, List<Platform> platforms) {
        if (names.isEmpty()) {
            throw EngineException.invalid("no images given to save");
        }
        var chosen = new LinkedHashMap<String, Chosen>();
        for (var name : names) {
            if (!isRepository(name) || !chooseAllTags(chosen, name, platforms)) {
                var details = catalog.find(name);
                choose(chosen, target(details, name, platforms), named(name, details));
            }
        }
        return List.copyOf(chosen.values());
    }

    private boolean chooseAllTags(Map<String, Chosen> chosen, String repository, List<Platform> platforms) {
        var wanted = Reference.parse(repository).name();
        boolean found = false;
        for (var image : catalog.all()) {
            for (var full : image.names()) {
                var name = Reference.parse(full);
                if (name.name().equals(wanted) && name.tag() != null) {
                    choose(chosen, target(image.details(), full, platforms), name);
                    found = true;
                }
            }
        }
        return found;
    }

    /** What is saved of an image: all of it, or its manifest for the one platform that is wanted. */
    private Descriptor target(ImageDetails image, String name, List<Platform> platforms) {
        var whole = new Descriptor(image.mediaType(), image.id(), image.size(), List.of(), Map.of(), null, null, null);
        if (platforms.size() != 1) {
            return whole;
        }
        var platform = platforms.getFirst();
        if (MediaTypes.isIndex(image.mediaType())) {
            var index = OciJson.read(Index.class, catalog.containerd().content().read(image.id()));
            for (var manifest : index.manifests()) {
                if (ImageCatalog.matches(manifest.platform(), platform) && catalog.has(manifest.digest())) {
                    return manifest;
                }
            }
        } else if (platform.os().equals(image.config().os())
                && platform.architecture().equals(image.config().architecture())) {
            return whole;
        }
        throw EngineException.notFound("no suitable export target found: image with reference " + name
                + " was found but does not provide the specified platform (" + platform.os() + "/"
                + platform.architecture() + ")");
    }

    private static void choose(Map<String, Chosen> chosen, Descriptor target, @Nullable Reference name) {
        var entry = chosen.computeIfAbsent(target.digest(), id -> new Chosen(target, new ArrayList<>()));
        if (name != null && !entry.names.contains(name)) {
            entry.names.add(name);
        }
    }

    /** A name without a tag stands for all tags, unless it is an id. */
    private boolean isRepository(String name) {
        try {
            var reference = Reference.parse(name);
            return reference.tag() == null && reference.digest() == null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private @Nullable Reference named(String name, ImageDetails details) {
        try {
            var reference = Reference.parseWithDefaultTag(name);
            var image = catalog.byName(reference.toString());
            return image != null && image.target().digest().equals(details.id()) && reference.tag() != null
                    ? reference
                    : null;
        } catch (IllegalArgumentException e) {
            return null; // an id
        }
    }

    void save(List<Chosen> selection, List<Platform> platforms, OutputStream out) throws IOException {
        var choice = new Choice(platforms);
        try {
            var archive = new BundleWriter(out, new Stored());
            for (var image : selection) {
                if (image.names.isEmpty()) {
                    archive.add(image.target, null, choice);
                }
                for (var name : image.names) {
                    archive.add(image.target, name, choice);
                }
            }
            archive.finish(true);
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("save images", e);
        }
        for (var image : selection) {
            var id = image.target.digest();
            events.publish("image", "save", id, Map.of("name", id));
        }
    }

    /** Images in the content store. */
    private final class Stored implements BundleWriter.Blobs {
        @Override
        public boolean has(String digest) {
            return catalog.has(digest);
        }

        @Override
        public InputStream open(String digest) {
            return catalog.containerd().content().open(digest, 0);
        }
    }

    /** The wanted ones of an index's images, that for this machine before others. */
    private final class Choice implements BundleWriter.Choice {
        private final List<Platform> platforms;

        Choice(List<Platform> platforms) {
            this.platforms = platforms;
        }

        @Override
        public boolean wanted(Descriptor manifest) {
            return platforms.isEmpty()
                    || platforms.stream().anyMatch(platform -> ImageCatalog.matches(manifest.platform(), platform));
        }

        @Override
        public boolean preferred(Descriptor manifest) {
            return ImageCatalog.matches(manifest.platform(), new Platform(catalog.architecture(), "linux", null));
        }
    }
}
