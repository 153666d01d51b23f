package io.drydock.image.archive.bundle;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import io.drydock.image.archive.bundle.ImageBundle.DockerImage;
import io.drydock.image.archive.bundle.ImageBundle.Stored;
import io.drydock.image.archive.stream.Compression;
import io.drydock.image.archive.tar.ByteSource;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarReader;
import io.drydock.image.archive.tar.TarType;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.Index;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads an archive of images once, from its beginning to its end. Nothing is written but what goes to the sink, and paths in
 * the archive are only names: they lead nowhere.
 */
public final class BundleReader {
    private static final int LONGEST = 4 << 20;
    private static final int MOST_LINKS = 10;
    private static final int MOST_FILES = 100_000;
    private static final Set<String> DOCUMENTS = Set.of("manifest.json", "index.json", "oci-layout");

    private final ImageBundle.Sink sink;
    private final Map<String, byte[]> documents = new HashMap<>();
    private final Map<String, Stored> files = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();

    private BundleReader(ImageBundle.Sink sink) {
        this.sink = sink;
    }

    /**
     * Reads an archive, plain or compressed.
     *
     * @throws IOException when it is no archive of images, or broken, or the sink fails
     */
    public static ImageBundle read(InputStream archive, ImageBundle.Sink sink) throws IOException {
        var reader = new BundleReader(sink);
        try (var tar =
                Compression.detect(new BufferedInputStream(archive, 1 << 16)).decompressed()) {
            reader.entries(tar);
        }
        return reader.bundle();
    }

    private void entries(InputStream in) throws IOException {
        var tar = new TarReader(ByteSource.of(in));
        for (var entry = tar.next(); entry != null; entry = tar.next()) {
            var path = path(entry.name());
            if (files.size() + links.size() > MOST_FILES) {
                throw new IOException("the archive has more than " + MOST_FILES + " files");
            }
            if (entry.type() == TarType.SYMLINK || entry.type() == TarType.HARD_LINK) {
                link(entry, path);
            } else if (entry.type() == TarType.FILE) {
                file(entry, path, tar.content());
            }
        }
    }

    private void link(TarEntry entry, String path) {
        int slash = path.lastIndexOf('/');
        boolean fromHere = entry.type() == TarType.SYMLINK && !entry.linkName().startsWith("/");
        links.put(
                path,
                path(fromHere && slash >= 0 ? path.substring(0, slash + 1) + entry.linkName() : entry.linkName()));
    }

    private void file(TarEntry entry, String path, InputStream content) throws IOException {
        if (DOCUMENTS.contains(path)) {
            if (entry.size() > LONGEST) {
                throw new IOException(path + " is larger than " + LONGEST + " bytes");
            }
            documents.put(path, content.readAllBytes());
        } else if (isBlob(path)) {
            var detected = Compression.detect(content);
            var digest = sink.store(entry.size(), detected.stream());
            if (path.startsWith("blobs/sha256/") && !digest.equals("sha256:" + path.substring(13))) {
                throw new IOException("the digest of " + path + " is " + digest);
            }
            files.put(path, new Stored(digest, entry.size(), detected.compression()));
        }
    }

    /** What the oldest form says about layers twice is left out. */
    private static boolean isBlob(String path) {
        return !path.endsWith("/VERSION") && !path.endsWith("/json") && !path.equals("repositories");
    }

    /** A path without dots, and not above the archive's root. */
    private static String path(String name) {
        var parts = new ArrayList<String>();
        for (var part : name.split("/")) {
            if (part.equals("..")) {
                if (!parts.isEmpty()) {
                    parts.removeLast();
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        return String.join("/", parts);
    }

    private ImageBundle bundle() throws IOException {
        var index = documents.get("index.json");
        if (index != null && documents.containsKey("oci-layout")) {
            try {
                return new ImageBundle.Layout(OciJson.read(Index.class, index).manifests());
            } catch (IllegalArgumentException e) {
                throw new IOException("index.json: " + e.getMessage(), e);
            }
        }
        var manifest = documents.get("manifest.json");
        if (manifest == null) {
            throw new IOException("unrecognized image format: there is neither a manifest.json nor an OCI layout");
        }
        return new ImageBundle.Docker(images(manifest));
    }

    private List<DockerImage> images(byte[] manifest) throws IOException {
        Object document;
        try {
            document = Jsonb.instance().type(Object.class).fromJson(new String(manifest, StandardCharsets.UTF_8));
        } catch (JsonException e) {
            throw new IOException("manifest.json: " + e.getMessage(), e);
        }
        if (!(document instanceof List<?> list)) {
            throw new IOException("manifest.json is not a list");
        }
        var images = new ArrayList<DockerImage>();
        for (var entry : list) {
            if (!(entry instanceof Map<?, ?> image) || !(image.get("Config") instanceof String config)) {
                throw new IOException("manifest.json: an image has no Config");
            }
            var layers = new ArrayList<Stored>();
            for (var layer : texts(image.get("Layers"))) {
                layers.add(stored(layer));
            }
            images.add(new DockerImage(texts(image.get("RepoTags")), stored(config), layers));
        }
        return images;
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> texts
                ? texts.stream().map(String::valueOf).toList()
                : List.of();
    }

    private Stored stored(String name) throws IOException {
        var path = path(name);
        for (int i = 0; i < MOST_LINKS && links.containsKey(path); i++) {
            path = links.get(path);
        }
        var file = files.get(path);
        if (file == null) {
            throw new IOException("manifest.json names " + name + ", which is not in the archive");
        }
        return file;
    }
}
