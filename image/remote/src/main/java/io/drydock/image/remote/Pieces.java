package io.drydock.image.remote;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A large blob in pieces that are fetched at the same time and read in order. The first is the answer that has come already; the
 * next ones wait in memory, as many as all fetches of an endpoint together may have there.
 */
final class Pieces extends InputStream {
    /** Bytes of a piece. */
    static final int SIZE = 2 << 20;

    private static final int AHEAD = 3;

    private final Source source;
    private final Semaphore room;
    private final long size;
    private final ArrayDeque<Piece> ahead = new ArrayDeque<>();
    private InputStream current;
    private long left;
    private long next;
    private boolean closed;

    /** Fetches a part of the blob. */
    interface Source {
        /** Bytes from {@code from} up to but without {@code to}; the caller closes the stream. */
        InputStream open(long from, long to) throws IOException;
    }

    /** What is being fetched on a thread of its own, or has been. */
    private record Piece(FutureTask<byte[]> bytes, Thread thread) {}

    /**
     * @param first the bytes from {@code from} on, a piece
     * @param room for pieces in memory
     */
    Pieces(InputStream first, long from, long size, Source source, Semaphore room) {
        this.source = source;
        this.room = room;
        this.size = size;
        this.current = first;
        this.left = Math.min(SIZE, size - from);
        this.next = from + left;
        look();
    }

    /** Begins to fetch what there is room for. */
    private void look() {
        while (ahead.size() < AHEAD && next < size && room.tryAcquire()) {
            long from = next;
            long to = Math.min(size, from + SIZE);
            next = to;
            var bytes = new FutureTask<>(() -> {
                try (var in = source.open(from, to)) {
                    return whole(in.readNBytes((int) (to - from)), to - from);
                }
            });
            ahead.add(new Piece(bytes, Thread.ofVirtual().name("fetch-piece").start(bytes)));
        }
    }

    private static byte[] whole(byte[] bytes, long wanted) throws IOException {
        if (bytes.length < wanted) {
            throw new EOFException("unexpected EOF");
        }
        return bytes;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (left == 0 && !turn()) {
            return -1;
        }
        int count = current.read(buffer, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("unexpected EOF");
        }
        left -= count;
        return count;
    }

    /** Goes on to the next piece; false if there is none. */
    private boolean turn() throws IOException {
        current.close();
        var piece = ahead.poll();
        if (piece != null) {
            var bytes = await(piece);
            current = new ByteArrayInputStream(bytes);
            left = bytes.length;
        } else if (next < size) {
            long to = Math.min(size, next + SIZE);
            current = source.open(next, to);
            left = to - next;
            next = to;
        }
        look();
        return left > 0;
    }

    private byte[] await(Piece piece) throws IOException {
        try {
            return piece.bytes.get();
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            piece.thread.interrupt();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            room.release();
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        for (@Nullable Piece piece = ahead.poll(); piece != null; piece = ahead.poll()) {
            piece.bytes.cancel(true);
            room.release();
        }
        current.close();
    }
}
