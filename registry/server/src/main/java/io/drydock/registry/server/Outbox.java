package io.drydock.registry.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lines that wait to be delivered, in a file: what was added survives the process and a power cut. A line may be delivered twice
 * by a process that was killed, but none is lost. The file is a line with how far it was delivered, then the lines. Safe for
 * threads; one of them takes.
 */
final class Outbox implements AutoCloseable {
    private static final int HEADER = 20;
    private static final int CHUNK = 1 << 20;

    private final FileChannel file;
    private final long most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private long delivered;
    private long size;
    private boolean closed;

    /** Lines, and how many bytes they are in the file. */
    record Batch(List<String> lines, int bytes) {}

    /**
     * @param most how many bytes may wait
     */
    Outbox(Path path, long most) throws IOException {
        this.most = most;
        Files.createDirectories(path.toAbsolutePath().getParent());
        this.file =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        if (file.size() < HEADER) {
            file.truncate(0);
            size = HEADER;
            deliveredUpTo(HEADER);
        } else {
            delivered = Long.parseLong(text(0, HEADER).strip());
            size = wholeLines();
            file.truncate(size);
        }
    }

    /** A process that was killed may have left half a line, of which nobody was told that it is kept. */
    private long wholeLines() throws IOException {
        long end = file.size();
        while (end > HEADER && text(end - 1, 1).charAt(0) != '\n') {
            end--;
        }
        return Math.max(end, delivered);
    }

    private String text(long at, int length) throws IOException {
        var bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) >= 0) {
            continue;
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private void write(String text, long at) throws IOException {
        var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    private void deliveredUpTo(long position) throws IOException {
        delivered = position;
        write(String.format("%019d\n", position), 0);
    }

    /**
     * Adds lines, and syncs them.
     *
     * @return false if too much waits already; nothing was added then
     */
    boolean add(List<String> lines) throws IOException {
        var text = new StringBuilder();
        lines.forEach(line -> text.append(line).append('\n'));
        lock.lock();
        try {
            if (size - delivered >= most) {
                return false;
            }
            write(text.toString(), size);
            file.force(false);
            size = file.size();
            grown.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The oldest lines, at most so many; waits until there are any. Empty once it is closed. */
    Batch take(int count) throws IOException, InterruptedException {
        lock.lock();
        try {
            while (!closed && delivered == size) {
                grown.await();
            }
            return closed ? new Batch(List.of(), 0) : read(count);
        } finally {
            lock.unlock();
        }
    }

    private Batch read(int count) throws IOException {
        int length = (int) Math.min(CHUNK, size - delivered);
        var lines = new ArrayList<String>();
        int bytes = 0;
        while (true) {
            String chunk = text(delivered, length);
            int end;
            int start = 0;
            while (lines.size() < count && (end = chunk.indexOf('\n', start)) >= 0) {
                String line = chunk.substring(start, end);
                lines.add(line);
                bytes += line.getBytes(StandardCharsets.UTF_8).length + 1;
                start = end + 1;
            }
            if (!lines.isEmpty() || length == size - delivered) {
                return new Batch(lines, bytes);
            }
            length = (int) Math.min(Integer.MAX_VALUE, size - delivered); // one line longer than a chunk
        }
    }

    /** These were delivered. */
    void delivered(Batch batch) throws IOException {
        lock.lock();
        try {
            deliveredUpTo(delivered + batch.bytes());
            if (delivered == size) {
                // in this order a process killed in between delivers again instead of skipping
                deliveredUpTo(HEADER);
                file.truncate(HEADER);
                size = HEADER;
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many bytes wait. */
    long waiting() {
        lock.lock();
        try {
            return size - delivered;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, unless it is closed meanwhile. */
    void rest(java.time.Duration pause) throws InterruptedException {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (!closed && left > 0) {
                left = grown.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Who takes gets nothing any more; what waits stays for the next process. */
    void stop() {
        lock.lock();
        try {
            closed = true;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        stop();
        file.close();
    }
}
