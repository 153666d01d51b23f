package io.drydock.registry.server;

import io.drydock.image.archive.bundle.BundleReader;
import io.drydock.image.archive.bundle.ImageBundle;
import io.drydock.registry.storage.Names;
import io.drydock.registry.storage.References;
import io.drydock.registry.storage.Storage;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The images of an archive into the storage. Blobs come before it is known whose they are: they wait in a repository that no list
 * shows, and are mounted from there. Used once.
 */
final class ImageImport implements ImageBundle.Sink {
    private static final int LONGEST = 4 << 20;

    private final Storage storage;
    private final @Nullable String repository;
    private final String waiting = "drydock-import/" + UUID.randomUUID();
    private final Set<Digest> stored = new LinkedHashSet<>();
    private final List<String> imported = new ArrayList<>();

    /** @param repository where all images go, with the tags they have; null for the names in the archive */
    ImageImport(Storage storage, @Nullable String repository) {
        this.storage = storage;
        this.repository = repository;
    }

    /** An image's place. */
    private record Name(String repository, String tag) {
        @Override
        public String toString() {
            return repository + ":" + tag;
        }
    }

    /**
     * Takes an archive.
     *
     * @return the names of what came
     * @throws IOException when it is not complete or broken; images that came before stay
     */
    List<String> run(InputStream archive) throws IOException {
        try {
            switch (BundleReader.read(archive, this)) {
                case ImageBundle.Layout layout -> {
                    for (var image : layout.manifests()) {
                        add(image.annotations(), image);
                    }
                }
                case ImageBundle.Docker docker -> {
                    for (var image : docker.images()) {
                        add(image);
                    }
                }
            }
        } finally {
            for (var digest : stored) {
                storage.blobs().delete(waiting, digest);
            }
        }
        return List.copyOf(imported);
    }

    @Override
    public String store(long size, InputStream content) throws IOException {
        var upload = storage.uploads().begin(waiting);
        boolean complete = false;
        try {
            var hashed = new DigestInputStream(content, Digest.sha256Hasher());
            upload.append(0, hashed);
            var digest = Digest.sha256(hashed.getMessageDigest());
            complete = upload.finish(digest);
            stored.add(digest);
            return digest.toString();
        } finally {
            if (!complete) {
                upload.cancel();
            }
        }
    }

    private void add(Map<String, String> annotations, Descriptor image) throws IOException {
        var full = annotations.get(ImageBundle.Layout.NAME);
        var tag = annotations.get(ImageBundle.Layout.REF_NAME);
        put(full == null ? shortName(tag) : name(full), image, bytes(image.digest()));
    }

    /** Some programs write a tag there, some a whole name. */
    private Name shortName(@Nullable String name) throws IOException {
        return name != null && Names.isTag(name) ? named(repository, name) : name(name);
    }

    private void add(ImageBundle.DockerImage image) throws IOException {
        var layers = new ArrayList<Descriptor>();
        for (var layer : image.layers()) {
            var type =
                    switch (layer.compression()) {
                        case NONE -> MediaTypes.LAYER;
                        case GZIP -> MediaTypes.LAYER_GZIP;
                        case ZSTD -> MediaTypes.LAYER_ZSTD;
                        case BZIP2, XZ ->
                            throw new IOException("a layer is compressed with " + layer.compression()
                                    + ": only gzip and zstd are supported");
                    };
            layers.add(Descriptor.of(type, layer.digest(), layer.size()));
        }
        var config = Descriptor.of(
                MediaTypes.CONFIG, image.config().digest(), image.config().size());
        var bytes = OciJson.write(
                Manifest.class, new Manifest(2, MediaTypes.MANIFEST, null, config, layers, null, Map.of()));
        var descriptor = Descriptor.of(MediaTypes.MANIFEST, Digest.sha256(bytes).toString(), bytes.length);
        if (image.names().isEmpty()) {
            put(name(null), descriptor, bytes);
        }
        for (var name : image.names()) {
            put(name(name), descriptor, bytes);
        }
    }

    /** Where an image of that name goes: its name without the host of another registry. */
    private Name name(@Nullable String name) throws IOException {
        if (name == null) {
            return named(repository, "latest");
        }
        try {
            var reference = Reference.parseWithDefaultTag(name);
            var path =
                    reference.domain().equals(Reference.DEFAULT_DOMAIN) ? reference.familiarName() : reference.path();
            return named(repository == null ? path : repository, reference.tag() == null ? "latest" : reference.tag());
        } catch (IllegalArgumentException e) {
            throw new IOException("the archive has an image of the name " + name + ": " + e.getMessage(), e);
        }
    }

    private static Name named(@Nullable String repository, String tag) throws IOException {
        if (repository == null) {
            throw new IOException("the archive does not tell the names of its images: say --repository NAME");
        }
        return new Name(repository, tag);
    }

    private void put(Name name, Descriptor image, byte[] bytes) throws IOException {
        members(name, image, bytes);
        store(name, Digest.parse(image.digest()), bytes, List.of(name.tag));
        imported.add(name.toString());
    }

    /** The images of an index come before it; the archive need not have all of them. */
    private void members(Name name, Descriptor image, byte[] bytes) throws IOException {
        if (!MediaTypes.isIndex(image.mediaType())) {
            return;
        }
        for (var digest : References.of(bytes).manifests()) {
            if (stored.contains(digest)) {
                var member = bytes(digest.toString());
                members(
                        name,
                        Descriptor.of(ManifestRoutes.mediaType(member), digest.toString(), member.length),
                        member);
                store(name, digest, member, List.of());
            }
        }
    }

    private void store(Name name, Digest digest, byte[] bytes, List<String> tags) throws IOException {
        var references = References.of(bytes);
        for (var blob : references.blobs()) {
            storage.blobs().mount(name.repository, waiting, blob);
        }
        var missing = storage.manifests()
                .put(name.repository, digest, bytes, references.blobs(), references.manifests(), tags);
        if (!missing.isEmpty()) {
            throw new IOException("the archive lacks a part of " + name + ": " + missing.getFirst());
        }
    }

    private byte[] bytes(String digest) throws IOException {
        var blob = storage.blobs()
                .open(waiting, Digest.parse(digest))
                .orElseThrow(() -> new IOException("the archive lacks " + digest));
        try (blob) {
            if (blob.size() > LONGEST) {
                throw new IOException("the manifest " + digest + " is larger than 4 MiB");
            }
            try (var in = blob.stream(0, blob.size())) {
                return in.readAllBytes();
            }
        }
    }
}
