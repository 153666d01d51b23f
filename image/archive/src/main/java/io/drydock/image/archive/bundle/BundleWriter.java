package io.drydock.image.archive.bundle;

import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.Reference;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Writes images as {@code docker save} of today does: an OCI layout, with a {@code manifest.json} beside it for those who
 * read Docker's older form. Each blob is written once, as it is.
 *
 * <pre>{@code
 * var archive = new BundleWriter(out, blobs);
 * archive.add(descriptor, "docker.io/library/busybox:latest", host);
 * archive.finish();
 * }</pre>
 */
public final class BundleWriter {
    private static final int LONGEST = 8 << 20;

    private final TarWriter tar;
    private final Blobs blobs;
    private final Set<String> written = new HashSet<>();
    private final List<Descriptor> index = new ArrayList<>();
    /** By the digest of a manifest: its names in Docker's older form. */
    private final Map<String, Saved> saved = new LinkedHashMap<>();

    private record Saved(Manifest manifest, List<String> tags) {}

    /** Where blobs come from. */
    public interface Blobs {
        boolean has(String digest) throws IOException;

        /** The caller closes it. */
        InputStream open(String digest) throws IOException;
    }

    /** Chooses the manifest of an index that {@code manifest.json} shows; and which ones are written. */
    public interface Choice {
        /** Whether a manifest of an index is written, if it is there. */
        boolean wanted(Descriptor manifest);

        /** Whether an image is shown before others of its index to those who know one only. */
        boolean preferred(Descriptor manifest);
    }

    public BundleWriter(OutputStream out, Blobs blobs) throws IOException {
        this.tar = new TarWriter(out);
        this.blobs = blobs;
        document("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        tar.put(TarEntry.directory("blobs/", 0755, 0));
        tar.put(TarEntry.directory("blobs/sha256/", 0755, 0));
    }

    private void document(String path, byte[] bytes) throws IOException {
        tar.put(TarEntry.file(path, 0644, bytes.length, 0), bytes);
    }

    /**
     * Adds an image under a name. The same image may be added under several.
     *
     * @param descriptor of its manifest or index, without annotations
     * @param name full, null for none
     */
    public void add(Descriptor descriptor, @Nullable Reference name, Choice choice) throws IOException {
        var annotations = new LinkedHashMap<String, String>(descriptor.annotations());
        annotations.remove(ImageBundle.Layout.NAME);
        annotations.remove(ImageBundle.Layout.REF_NAME);
        if (name != null) {
            annotations.put(ImageBundle.Layout.NAME, name.toString());
            annotations.put(ImageBundle.Layout.REF_NAME, name.object().orElse("latest"));
        }
        index.add(new Descriptor(
                descriptor.mediaType(),
                descriptor.digest(),
                descriptor.size(),
                List.of(),
                annotations,
                null,
                descriptor.platform(),
                null));
        var shown = MediaTypes.isIndex(descriptor.mediaType())
                ? index(descriptor, choice)
                : new Shown(descriptor.digest(), manifest(descriptor));
        if (shown != null) {
            var tags = saved.computeIfAbsent(shown.digest(), key -> new Saved(shown.manifest(), new ArrayList<>()))
                    .tags();
            if (name != null && name.tag() != null && !tags.contains(name.familiar())) {
                tags.add(name.familiar());
            }
        }
    }

    private record Shown(String digest, Manifest manifest) {}

    private @Nullable Shown index(Descriptor descriptor, Choice choice) throws IOException {
        byte[] bytes = small(descriptor);
        blob(descriptor, bytes);
        Shown shown = null;
        boolean preferred = false;
        for (var manifest : OciJson.read(Index.class, bytes).manifests()) {
            if (!choice.wanted(manifest) || !blobs.has(manifest.digest())) {
                continue;
            }
            if (!MediaTypes.isManifest(manifest.mediaType())) {
                blob(manifest, small(manifest));
                continue;
            }
            var content = manifest(manifest);
            boolean better = !preferred && choice.preferred(manifest);
            if (better || shown == null && isImage(content)) {
                shown = new Shown(manifest.digest(), content);
                preferred = better;
            }
        }
        return shown;
    }

    private static boolean isImage(Manifest manifest) {
        return manifest.layers().stream().allMatch(layer -> MediaTypes.isLayer(layer.mediaType()));
    }

    /** Writes a manifest and, if all of it is there, what it consists of. */
    private Manifest manifest(Descriptor descriptor) throws IOException {
        byte[] bytes = small(descriptor);
        var manifest = OciJson.read(Manifest.class, bytes);
        blob(descriptor, bytes);
        var parts = new ArrayList<Descriptor>();
        if (manifest.config() != null) {
            parts.add(manifest.config());
        }
        parts.addAll(manifest.layers());
        for (var part : parts) {
            if (!blobs.has(part.digest())) {
                return manifest;
            }
        }
        for (var part : parts) {
            if (written.add(part.digest())) {
                try (InputStream in = blobs.open(part.digest())) {
                    tar.put(TarEntry.file(path(part), 0644, part.size(), 0), in);
                }
            }
        }
        return manifest;
    }

    private void blob(Descriptor descriptor, byte[] bytes) throws IOException {
        if (written.add(descriptor.digest())) {
            document(path(descriptor), bytes);
        }
    }

    private byte[] small(Descriptor descriptor) throws IOException {
        try (InputStream in = blobs.open(descriptor.digest())) {
            byte[] bytes = in.readNBytes(LONGEST + 1);
            if (bytes.length > LONGEST) {
                throw new IOException("content " + descriptor.digest() + " is too large for a document");
            }
            return bytes;
        }
    }

    private static String path(Descriptor descriptor) {
        return "blobs/" + descriptor.digest().replace(':', '/');
    }

    /** Writes the tables of contents and the end mark. The stream stays open. */
    public void finish(boolean withManifestJson) throws IOException {
        document("index.json", OciJson.write(Index.class, new Index(2, MediaTypes.INDEX, null, index, null, Map.of())));
        if (withManifestJson && !saved.isEmpty()) {
            document(
                    "manifest.json",
                    saved.values().stream()
                            .map(BundleWriter::json)
                            .collect(Collectors.joining(",", "[", "]"))
                            .getBytes(StandardCharsets.UTF_8));
        }
        tar.finish();
    }

    /** Digests and names need no escapes. The original writes null where there is no tag. */
    private static String json(Saved image) {
        var config = image.manifest().config();
        return "{\"Config\":\"" + (config == null ? "" : path(config)) + "\",\"RepoTags\":"
                + (image.tags().isEmpty() ? "null" : list(image.tags())) + ",\"Layers\":"
                + list(image.manifest().layers().stream()
                        .map(BundleWriter::path)
                        .toList())
                + "}";
    }

    private static String list(List<String> texts) {
        return texts.stream().collect(Collectors.joining("\",\"", "[\"", "\"]")).replace("[\"\"]", "[]");
    }
}
