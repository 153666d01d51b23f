package io.drydock.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes from the socket: filled by the event loop, read by one handler thread. When more than {@link #HIGH} bytes wait, the
 * socket is not read any more until fewer than {@link #LOW} do, so a slow handler slows its client down.
 */
final class WireInput extends InputStream {
    private static final int HIGH = 256 * 1024;
    private static final int LOW = 64 * 1024;

    /** Asks the event loop to read the socket, or not to. Must not block. */
    interface ReadSwitch {
        void reading(boolean on);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> chunks = new ArrayDeque<>();
    private final ReadSwitch readSwitch;
    private int position;
    private int waiting;
    private boolean paused;
    private boolean ended;
    private @Nullable IOException failure;

    WireInput(ReadSwitch readSwitch) {
        this.readSwitch = readSwitch;
    }

    /** Event loop: bytes arrived. */
    void arrived(byte[] bytes) {
        lock.lock();
        try {
            chunks.add(bytes);
            waiting += bytes.length;
            if (waiting > HIGH && !paused) {
                paused = true;
                readSwitch.reading(false);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Event loop: the peer will send no more; {@code cause} is null for an orderly end. */
    void ended(@Nullable IOException cause) {
        lock.lock();
        try {
            if (!ended) {
                ended = true;
                failure = cause;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a byte or the end is there.
     *
     * @param limit how long; null for ever
     * @return false if the time ran out
     */
    boolean await(@Nullable Duration limit) throws IOException {
        lock.lock();
        try {
            long left = limit == null ? 0 : limit.toNanos();
            while (chunks.isEmpty() && !ended) {
                if (limit == null) {
                    changed.await();
                } else if (left <= 0) {
                    return false;
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading from the client");
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        await(null);
        lock.lock();
        try {
            byte[] chunk = chunks.peek();
            if (chunk == null) {
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                return -1;
            }
            int count = Math.min(length, chunk.length - position);
            System.arraycopy(chunk, position, target, offset, count);
            consumed(chunk, count);
            return count;
        } finally {
            lock.unlock();
        }
    }

    private void consumed(byte[] chunk, int count) {
        position += count;
        waiting -= count;
        if (position == chunk.length) {
            chunks.remove();
            position = 0;
        }
        if (paused && waiting < LOW) {
            paused = false;
            readSwitch.reading(true);
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return waiting;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Reads a line up to LF and strips the line end; the bytes are Latin-1.
     *
     * @param limit most bytes of the line
     * @param status of the {@link HttpException} when the line is longer
     * @return null at the end of the stream before the first byte
     */
    @Nullable
    String line(int limit, int status) throws IOException {
        StringBuilder line = new StringBuilder(80);
        while (true) {
            await(null);
            lock.lock();
            try {
                byte[] chunk = chunks.peek();
                if (chunk == null) {
                    if (failure != null) {
                        throw new IOException(failure.getMessage(), failure);
                    }
                    if (line.isEmpty()) {
                        return null;
                    }
                    throw new EOFException("unexpected end of the request");
                }
                int end = position;
                while (end < chunk.length && chunk[end] != '\n') {
                    end++;
                }
                if (line.length() + end - position > limit) {
                    throw new HttpException(status, status == 414 ? "URI Too Long" : "Request Header Fields Too Large");
                }
                line.append(new String(chunk, position, end - position, StandardCharsets.ISO_8859_1));
                boolean complete = end < chunk.length;
                consumed(chunk, end - position + (complete ? 1 : 0));
                if (complete) {
                    int length = line.length();
                    if (length > 0 && line.charAt(length - 1) == '\r') {
                        line.setLength(length - 1);
                    }
                    return line.toString();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Reads and forgets until the end of the stream, at most for {@code limit}. */
    void discardUntilEnd(Duration limit) throws IOException {
        long deadline = System.nanoTime() + limit.toNanos();
        byte[] scratch = new byte[8192];
        long left = limit.toNanos();
        while (left > 0 && await(Duration.ofNanos(left)) && read(scratch, 0, scratch.length) >= 0) {
            left = deadline - System.nanoTime();
        }
    }
}
