package io.drydock.containerd.server.transfer;

import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.spec.oci.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/**
 * A small image, made for a test: every layer {@code N} has a file {@code data/N}; the last one removes {@code data/0}.
 *
 * @param blobs by digest, config and layers
 * @param layers digests, the lowest first
 */
public record TestImage(Map<String, byte[]> blobs, List<String> layers, List<String> diffIds, byte[] manifest) {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    /** @param bytes of each layer's file, at random */
    public static TestImage of(int layers, int bytes) {
        var blobs = new LinkedHashMap<String, byte[]>();
        var digests = new ArrayList<String>();
        var diffIds = new ArrayList<String>();
        var descriptors = new ArrayList<String>();
        var random = new Random(layers * 31L + bytes);
        for (int i = 0; i < layers; i++) {
            var noise = new byte[bytes];
            random.nextBytes(noise);
            var tar = tar(i, noise, i == layers - 1 && layers > 1);
            var blob = gzip(tar);
            var digest = Digest.sha256(blob).toString();
            blobs.put(digest, blob);
            digests.add(digest);
            diffIds.add(Digest.sha256(tar).toString());
            descriptors.add(descriptor("application/vnd.oci.image.layer.v1.tar+gzip", digest, blob.length));
        }
        var config =
                ("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                                + String.join("\",\"", diffIds) + "\"]}}")
                        .getBytes(StandardCharsets.UTF_8);
        var configDigest = Digest.sha256(config).toString();
        blobs.put(configDigest, config);
        var manifest = ("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":"
                        + descriptor("application/vnd.oci.image.config.v1+json", configDigest, config.length)
                        + ",\"layers\":[" + String.join(",", descriptors) + "]}")
                .getBytes(StandardCharsets.UTF_8);
        return new TestImage(blobs, digests, diffIds, manifest);
    }

    private static String descriptor(String type, String digest, int size) {
        return "{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest + "\",\"size\":" + size + "}";
    }

    private static byte[] tar(int number, byte[] noise, boolean removeFirst) {
        try {
            var bytes = new ByteArrayOutputStream();
            try (var tar = new TarWriter(bytes)) {
                tar.put(TarEntry.directory("data", 0755, 1000));
                tar.put(TarEntry.file("data/" + number, 0644, noise.length, 1000), noise);
                if (removeFirst) {
                    tar.put(TarEntry.file("data/.wh.0", 0644, 0, 1000), new byte[0]);
                }
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        try {
            var zipped = new ByteArrayOutputStream();
            try (var out = new GZIPOutputStream(zipped)) {
                out.write(bytes);
            }
            return zipped.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String digest() {
        return Digest.sha256(manifest).toString();
    }

    /** The type of the manifest. */
    public String mediaType() {
        return MANIFEST;
    }
}
