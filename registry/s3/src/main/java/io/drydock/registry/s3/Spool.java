package io.drydock.registry.s3;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The bytes of the next part, which must be known to the end before they can be sent: a few in memory, more in a temporary file, so
 * that many uploads at once need no memory for many parts.
 */
final class Spool implements AutoCloseable {
    private static final int IN_MEMORY = 64 * 1024;

    private byte[] memory = new byte[4 * 1024];
    private @Nullable Path path;
    private @Nullable FileChannel file;
    private long size;

    long size() {
        return size;
    }

    void write(byte[] bytes, int offset, int length) throws IOException {
        if (file == null && size + length > IN_MEMORY) {
            path = Files.createTempFile("registry-part", "");
            file = FileChannel.open(path, StandardOpenOption.WRITE);
            write(file, ByteBuffer.wrap(memory, 0, (int) size));
        }
        if (file != null) {
            write(file, ByteBuffer.wrap(bytes, offset, length));
        } else {
            if (size + length > memory.length) {
                memory = Arrays.copyOf(memory, (int) Math.min(IN_MEMORY, Math.max(size + length, memory.length * 2L)));
            }
            System.arraycopy(bytes, offset, memory, (int) size, length);
        }
        size += length;
    }

    private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    /** All of it, for a request. */
    RequestBody body() {
        return RequestBody.fromContentProvider(this::stream, size, "application/octet-stream");
    }

    private InputStream stream() {
        if (path == null) {
            return new ByteArrayInputStream(memory, 0, (int) size);
        }
        try {
            return new BufferedInputStream(new FileInputStream(path.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins anew. */
    void clear() throws IOException {
        if (file != null) {
            file.truncate(0);
            file.position(0);
        }
        size = 0;
    }

    @Override
    public void close() throws IOException {
        if (file != null && path != null) {
            file.close();
            Files.deleteIfExists(path);
        }
    }
}
