package io.drydock.image.archive.stream;

import io.drydock.image.archive.stream.ChunkPool.Chunk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Chunks from the producer to one reader. Bounded by the pool. Thread-safe. */
final class ChunkQueue {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Chunk> chunks = new ArrayDeque<>();
    private boolean ended;
    private boolean abandoned;
    private @Nullable IOException failure;

    /** Adds a chunk; released at once if the reader has gone. */
    void put(Chunk chunk) {
        lock.lock();
        try {
            if (!abandoned) {
                chunks.add(chunk);
                changed.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        chunk.release();
    }

    /** The last chunk was put, or the producer failed. */
    void end(@Nullable IOException cause) {
        lock.lock();
        try {
            ended = true;
            failure = cause;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next chunk, which the caller releases; null at the end. */
    @Nullable
    Chunk take() throws IOException {
        lock.lock();
        try {
            while (chunks.isEmpty() && !ended) {
                changed.await();
            }
            Chunk chunk = chunks.poll();
            if (chunk == null && failure != null) {
                throw failure;
            }
            return chunk;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the stream");
        } finally {
            lock.unlock();
        }
    }

    /** The reader takes no more: the producer goes on without it. */
    void abandon() {
        ArrayDeque<Chunk> left;
        lock.lock();
        try {
            abandoned = true;
            left = new ArrayDeque<>(chunks);
            chunks.clear();
        } finally {
            lock.unlock();
        }
        left.forEach(Chunk::release);
    }
}
