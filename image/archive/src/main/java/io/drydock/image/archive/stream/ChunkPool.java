package io.drydock.image.archive.stream;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A fixed number of large buffers that several readers share: touched once, reused for the whole stream. */
final class ChunkPool {
    /** A filled buffer. {@code data} up to {@code length} is read-only until every reader has released it. */
    final class Chunk {
        final byte[] data;
        int length;
        private final AtomicInteger readers = new AtomicInteger();

        private Chunk(int size) {
            data = new byte[size];
        }

        void release() {
            if (readers.decrementAndGet() == 0) {
                giveBack(this);
            }
        }
    }

    private final int size;
    private final int readers;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private final ArrayDeque<Chunk> free = new ArrayDeque<>();
    private int toMake;

    ChunkPool(int count, int size, int readers) {
        this.size = size;
        this.readers = readers;
        this.toMake = count;
    }

    /** A buffer to fill; waits until one is free. Every one of the readers must release it. */
    Chunk take() throws InterruptedException {
        lock.lock();
        try {
            while (free.isEmpty() && toMake == 0) {
                returned.await();
            }
            Chunk chunk = free.poll();
            if (chunk == null) {
                toMake--;
                chunk = new Chunk(size);
            }
            chunk.readers.set(readers);
            return chunk;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Chunk chunk) {
        lock.lock();
        try {
            free.push(chunk);
            returned.signal();
        } finally {
            lock.unlock();
        }
    }
}
