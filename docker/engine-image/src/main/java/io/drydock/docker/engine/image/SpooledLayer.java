package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.client.Descriptor;
import io.drydock.image.archive.stream.GzipWriter;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.image.MediaTypes;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.Map;

/** A layer that a client sends or that a container has written, in a file until its digest is known. */
final class SpooledLayer implements AutoCloseable {
    private static final int BUFFER = 256 * 1024;

    private final Path file;
    private final Descriptor descriptor;

    private SpooledLayer(Path file, Descriptor descriptor) {
        this.file = file;
        this.descriptor = descriptor;
    }

    /** Writes a layer's tar. */
    @FunctionalInterface
    interface Writing {
        /** @return false if there is nothing in it */
        boolean to(OutputStream tar) throws IOException;
    }

    /** A layer that has been made here, with the digest of it uncompressed. */
    record Made(SpooledLayer layer, String diffId, boolean empty) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            layer.close();
        }
    }

    /** Compresses what is written. */
    static Made of(Writing writing, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = Files.createTempFile(directory, "layer-", ".tar.gz");
        boolean done = false;
        try {
            var hasher = Digest.sha256Hasher();
            var plainHasher = Digest.sha256Hasher();
            boolean any;
            try (var out = new DigestOutputStream(
                    new GzipWriter(new DigestOutputStream(Files.newOutputStream(file), hasher)), plainHasher)) {
                any = writing.to(out);
            }
            var descriptor =
                    new Descriptor(MediaTypes.LAYER_GZIP, Digest.sha256(hasher).toString(), Files.size(file));
            done = true;
            return new Made(
                    new SpooledLayer(file, descriptor),
                    Digest.sha256(plainHasher).toString(),
                    !any);
        } finally {
            if (!done) {
                Files.deleteIfExists(file);
            }
        }
    }

    static SpooledLayer of(InputStream tar, Path directory) throws IOException {
        Files.createDirectories(directory);
        Path file = Files.createTempFile(directory, "layer-", ".tar");
        try {
            var hasher = Digest.sha256Hasher();
            long size;
            try (OutputStream out = new DigestOutputStream(Files.newOutputStream(file), hasher)) {
                size = copy(tar, out);
            }
            return new SpooledLayer(
                    file, new Descriptor(mediaType(file), Digest.sha256(hasher).toString(), size));
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    private static long copy(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            out.write(buffer, 0, count);
            size += count;
        }
        return size;
    }

    private static String mediaType(Path file) throws IOException {
        byte[] start = new byte[4];
        try (InputStream in = Files.newInputStream(file)) {
            in.readNBytes(start, 0, start.length);
        }
        if (start[0] == 0x1f && start[1] == (byte) 0x8b) {
            return MediaTypes.LAYER_GZIP;
        }
        boolean zstd = start[0] == 0x28 && start[1] == (byte) 0xb5 && start[2] == 0x2f && start[3] == (byte) 0xfd;
        return zstd ? MediaTypes.LAYER_ZSTD : MediaTypes.LAYER;
    }

    Descriptor descriptor() {
        return descriptor;
    }

    InputStream open() throws IOException {
        return new BufferedInputStream(Files.newInputStream(file), BUFFER);
    }

    /** Puts it into the content store. */
    void store(ContainerdClient containerd) throws IOException {
        try (InputStream in = open()) {
            containerd.content().write("engine-layer-" + descriptor.digest(), descriptor, in, Map.of());
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
    }
}
