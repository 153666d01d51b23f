package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.ContainerdException;
import io.drydock.image.archive.bundle.ImageBundle;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
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
    record Chosen(ImageDetails details, List<Reference> names) {}

    /** @throws EngineException NOT_FOUND for a name of nothing */
    List<Chosen> select(List<String> names) {
        if (names.isEmpty()) {
            throw EngineException.invalid("no images given to save");
        }
        var chosen = new LinkedHashMap<String, Chosen>();
        for (var name : names) {
            if (!isRepository(name) || !chooseAllTags(chosen, name)) {
                var details = catalog.find(name);
                choose(chosen, details, named(name, details));
            }
        }
        return List.copyOf(chosen.values());
    }

    private boolean chooseAllTags(Map<String, Chosen> chosen, String repository) {
        var wanted = Reference.parse(repository).name();
        boolean found = false;
        for (var image : catalog.all()) {
            for (var full : image.names()) {
                var name = Reference.parse(full);
                if (name.name().equals(wanted) && name.tag() != null) {
                    choose(chosen, image.details(), name);
                    found = true;
                }
            }
        }
        return found;
    }

    private static void choose(Map<String, Chosen> chosen, ImageDetails details, @Nullable Reference name) {
        var entry = chosen.computeIfAbsent(details.id(), id -> new Chosen(details, new ArrayList<>()));
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

    void save(List<Chosen> selection, OutputStream out) throws IOException {
        try (var tar = new TarWriter(out)) {
            var archive = new Archive(tar, catalog.containerd());
            for (var image : selection) {
                archive.add(image);
            }
            archive.finish();
        } catch (ContainerdException e) {
            throw ImageCatalog.failure("save images", e);
        }
        for (var image : selection) {
            var id = image.details.id();
            events.publish("image", "save", id, Map.of("name", id));
        }
    }

    /** An archive being written. */
    private static final class Archive {
        private final TarWriter tar;
        private final ContainerdClient containerd;
        private final Map<String, Long> written = new LinkedHashMap<>();
        private final List<Descriptor> index = new ArrayList<>();
        private final List<String> manifests = new ArrayList<>();

        Archive(TarWriter tar, ContainerdClient containerd) throws IOException {
            this.tar = tar;
            this.containerd = containerd;
            tar.put(TarEntry.directory("blobs/", 0755, 0));
            tar.put(TarEntry.directory("blobs/sha256/", 0755, 0));
        }

        void add(Chosen image) throws IOException {
            var details = image.details;
            if (MediaTypes.isIndex(details.mediaType())) {
                members(details.id());
            } else {
                blobs(details.manifest());
            }
            blob(details.id(), details.size());
            var names = image.names.isEmpty() ? List.of(Map.<String, String>of()) : image.names.stream()
                    .map(name -> Map.of(
                            ImageBundle.Layout.NAME,
                            name.toString(),
                            ImageBundle.Layout.REF_NAME,
                            String.valueOf(name.tag())))
                    .toList();
            for (var annotations : names) {
                index.add(new Descriptor(
                        details.mediaType(), details.id(), details.size(), List.of(), annotations, null, null, null));
            }
            manifests.add("{\"Config\":" + path(details.configDigest()) + ",\"RepoTags\":"
                    + (image.names.isEmpty()
                            ? "null"
                            : image.names.stream()
                                    .map(name -> '"' + name.familiar() + '"')
                                    .collect(Collectors.joining(",", "[", "]")))
                    + ",\"Layers\":"
                    + details.manifest().layers().stream()
                            .map(layer -> path(layer.digest()))
                            .collect(Collectors.joining(",", "[", "]"))
                    + "}");
        }

        private static String path(String digest) {
            return "\"blobs/sha256/" + digest.substring(7) + '"';
        }

        /** Of an index, the members that are there. */
        private void members(String digest) throws IOException {
            for (var member : OciJson.read(Index.class, containerd.content().read(digest)).manifests()) {
                byte[] manifest;
                try {
                    manifest = containerd.content().read(member.digest());
                } catch (ContainerdException e) {
                    if (e.notFound()) {
                        continue; // for another platform, and never pulled
                    }
                    throw e;
                }
                blobs(OciJson.read(Manifest.class, manifest));
                blob(member.digest(), member.size());
            }
        }

        private void blobs(Manifest manifest) throws IOException {
            if (manifest.config() != null) {
                blob(manifest.config().digest(), manifest.config().size());
            }
            for (var layer : manifest.layers()) {
                blob(layer.digest(), layer.size());
            }
        }

        private void blob(String digest, long size) throws IOException {
            if (written.putIfAbsent(digest, size) == null) {
                try (var content = containerd.content().open(digest, 0)) {
                    tar.put(TarEntry.file("blobs/sha256/" + digest.substring(7), 0644, size, 0), content);
                }
            }
        }

        void finish() throws IOException {
            document(
                    "index.json",
                    OciJson.write(Index.class, new Index(2, MediaTypes.INDEX, null, index, null, Map.of())));
            document("manifest.json", ('[' + String.join(",", manifests) + "]").getBytes(StandardCharsets.UTF_8));
            document("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
            tar.finish();
        }

        private void document(String name, byte[] content) throws IOException {
            tar.put(TarEntry.file(name, 0644, content.length, 0), content);
        }
    }
}
