package io.drydock.image.archive.stream;

import io.drydock.image.archive.stream.ChunkPool.Chunk;
import io.drydock.image.archive.tar.ByteSource;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A layer's uncompressed bytes, hashed on the way:
 *
 * <pre>
 *  blob ─▶ [thread: read and inflate] ─┬▶ reader (untar)
 *                                      └▶ [thread: SHA-256] ─▶ diff ID
 * </pre>
 *
 * Eight buffers of 256 KiB circulate between the three. One thread reads this source; {@link #finish} gives the diff ID.
 */
public final class LayerStream implements ByteSource, AutoCloseable {
    private static final int CHUNKS = 8;
    private static final int CHUNK_SIZE = 256 * 1024;

    private final ChunkPool pool = new ChunkPool(CHUNKS, CHUNK_SIZE, 2);
    private final ChunkQueue toReader = new ChunkQueue();
    private final ChunkQueue toDigest = new ChunkQueue();
    private final MessageDigest sha256;
    private final long limit;
    private final Thread producer;
    private final Thread hasher;
    private @Nullable Chunk chunk;
    private int position;
    private long size;
    private volatile boolean cancelled;
    private volatile @Nullable IOException hashFailure;

    /**
     * Starts reading. The compression is detected.
     *
     * @param blob stays the caller's to close, after this stream was closed
     * @param limit most uncompressed bytes; beyond, reading fails
     */
    public LayerStream(InputStream blob, long limit) {
        this.limit = limit;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        producer = Thread.ofPlatform().name("layer-inflate").daemon().start(() -> produce(blob));
        hasher = Thread.ofPlatform().name("layer-digest").daemon().start(this::hash);
    }

    private void produce(InputStream blob) {
        IOException failure = null;
        try (InputStream plain = Compression.detect(new BorrowedStream(blob)).decompressed()) {
            boolean more = true;
            while (more && !cancelled) {
                more = pass(plain);
            }
        } catch (IOException e) {
            failure = e;
        } catch (InterruptedException e) {
            failure = new InterruptedIOException("layer stream closed");
        } catch (RuntimeException | Error e) {
            failure = new IOException("read layer: " + e, e);
        } finally {
            toReader.end(failure);
            toDigest.end(failure);
        }
    }

    /** Fills one chunk and hands it on; false at the end of the stream. */
    private boolean pass(InputStream plain) throws IOException, InterruptedException {
        Chunk next = pool.take();
        int count = 0;
        int filled = 0;
        while (filled < next.data.length && count >= 0) {
            count = plain.read(next.data, filled, next.data.length - filled);
            filled += Math.max(count, 0);
        }
        size += filled;
        if (size > limit) {
            throw new IOException("layer is larger than " + limit + " bytes");
        }
        next.length = filled;
        toReader.put(next);
        toDigest.put(next);
        return count >= 0;
    }

    private void hash() {
        try {
            for (Chunk next = toDigest.take(); next != null; next = toDigest.take()) {
                sha256.update(next.data, 0, next.length);
                next.release();
            }
        } catch (IOException e) {
            hashFailure = e;
        }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Chunk source = current();
        if (source == null) {
            return -1;
        }
        int count = Math.min(length, source.length - position);
        System.arraycopy(source.data, position, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        Chunk source = current();
        if (source == null) {
            return -1;
        }
        int count = Math.min(target.remaining(), source.length - position);
        target.put(source.data, position, count);
        position += count;
        return count;
    }

    private @Nullable Chunk current() throws IOException {
        while (chunk == null || position == chunk.length) {
            if (chunk != null) {
                chunk.release();
            }
            position = 0;
            chunk = toReader.take();
            if (chunk == null) {
                return null;
            }
        }
        return chunk;
    }

    /** What was read, as a whole: its digest ({@code sha256:…}) and its size in bytes. */
    public record Finished(String diffId, long size) {}

    /** Reads what is left (padding behind the tar's end mark counts for the diff ID) and waits for the digest. */
    public Finished finish() throws IOException {
        while (current() != null) {
            position = Objects.requireNonNull(chunk).length;
        }
        try {
            hasher.join();
            producer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while hashing the layer");
        }
        if (hashFailure != null) {
            throw hashFailure;
        }
        return new Finished("sha256:" + HexFormat.of().formatHex(sha256.digest()), size);
    }

    /** Stops the threads and waits until they have let go of the blob's stream. */
    @Override
    public void close() {
        cancelled = true;
        toReader.abandon();
        if (chunk != null) {
            chunk.release();
            chunk = null;
        }
        producer.interrupt();
        boolean interrupted = false;
        while (producer.isAlive() || hasher.isAlive()) {
            try {
                producer.join();
                hasher.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closing the decompressor frees its memory and must leave the blob open. */
    private static final class BorrowedStream extends FilterInputStream {
        BorrowedStream(InputStream in) {
            super(in);
        }

        @Override
        public void close() {
            // the caller closes it
        }
    }
}
