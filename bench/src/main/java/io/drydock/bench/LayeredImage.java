package io.drydock.bench;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** Writes images as archives in OCI's layout, from files that compress to a half, as programs do. */
final class LayeredImage {
    private static final String TYPE = "application/vnd.oci.image.";

    private final Path directory;
    private final Path blobs;
    private final String compressor;
    private final int seed;

    /** @param compressor gzip or zstd: the program, and the media type's ending */
    private LayeredImage(Path directory, String compressor, int seed) throws IOException {
        this.seed = seed;
        this.directory = directory;
        this.blobs = Files.createDirectories(directory.resolve("blobs/sha256"));
        this.compressor = compressor;
    }

    /**
     * The archive; its image has the name.
     *
     * @param seed images of the same shape and other seeds share no layer
     */
    static Path write(Path directory, String name, String compressor, int layers, int files, int size, int seed)
            throws IOException {
        var image = new LayeredImage(directory, compressor, seed);
        image.write(name, layers, files, size);
        var archive = directory.resolveSibling(directory.getFileName() + ".tar");
        Command.of("tar", "-C", directory.toString(), "-cf", archive.toString(), "blobs", "index.json", "oci-layout")
                .run()
                .ok();
        return archive;
    }

    private void write(String name, int layers, int files, int size) throws IOException {
        var descriptors = new ArrayList<String>();
        var diffIds = new ArrayList<String>();
        for (int layer = 0; layer < layers; layer++) {
            var tar = tar(layer, files, size);
            diffIds.add("\"" + digest(tar) + "\"");
            Command.of(compressor, "-1", "-k", tar.toString()).run().ok();
            var packed = Path.of(tar + (compressor.equals("gzip") ? ".gz" : ".zst"));
            descriptors.add(descriptor("layer.v1.tar+" + compressor, keep(Files.readAllBytes(packed))));
        }
        var config =
                "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":"
                        + diffIds + "}}";
        var manifest = "{\"schemaVersion\":2,\"mediaType\":\"" + TYPE + "manifest.v1+json\",\"config\":"
                + descriptor("config.v1+json", keep(bytes(config))) + ",\"layers\":" + descriptors + "}";
        var described = descriptor("manifest.v1+json", keep(bytes(manifest)));
        var named = described.replaceFirst("}$", ",\"annotations\":{\"io.containerd.image.name\":\"" + name + "\"}}");
        Files.writeString(directory.resolve("index.json"), "{\"schemaVersion\":2,\"manifests\":[" + named + "]}");
        Files.writeString(directory.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    private Path tar(int layer, int files, int size) throws IOException {
        var random = new Random(31L * seed + layer + 1);
        var folder = Files.createDirectories(directory.resolve("root" + layer + "/l" + layer));
        for (int i = 0; i < files; i++) {
            byte[] content = new byte[size];
            random.nextBytes(content);
            Arrays.fill(content, size / 2, size, (byte) layer);
            Files.write(folder.resolve("f" + i), content);
        }
        var tar = directory.resolve("layer" + layer + ".tar");
        Command.of("tar", "-C", folder.getParent().toString(), "-cf", tar.toString(), ".")
                .run()
                .ok();
        return tar;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private record Blob(String digest, int size) {}

    private Blob keep(byte[] content) throws IOException {
        var digest = digest(content);
        Files.write(blobs.resolve(digest.substring("sha256:".length())), content);
        return new Blob(digest, content.length);
    }

    private static String descriptor(String type, Blob blob) {
        return "{\"mediaType\":\"" + TYPE + type + "\",\"digest\":\"" + blob.digest() + "\",\"size\":" + blob.size()
                + "}";
    }

    private static String digest(Path file) throws IOException {
        return digest(Files.readAllBytes(file));
    }

    private static String digest(byte[] content) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The names of the images that the bench makes, with their shapes. */
    static List<String[]> shapes() {
        return List.of(
                new String[] {"ten-gzip", "gzip", "10", "200", "16384"},
                new String[] {"ten-zstd", "zstd", "10", "200", "16384"},
                new String[] {"one-gzip", "gzip", "1", "2000", "32768"},
                new String[] {"one-zstd", "zstd", "1", "2000", "32768"});
    }
}
