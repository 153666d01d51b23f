package io.drydock.docker.engine.log;

import io.drydock.spec.engine.LogQuery;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPOutputStream;

/**
 * A log in files that are rotated: what the drivers json-file and local write, and the cache beside a driver that sends lines
 * away. The file is rotated only by {@link #mark}, so that a commit never spans two files and a
 * rollback always finds its file. Followers wait on it for new lines.
 */
public final class RotatedLog implements ContainerLog {
    private final Path path;
    private final Rotation options;
    private final LogFormat format;
    private final LineEncoder encoder;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private FileChannel file;
    private long size;
    private int generation;
    private boolean closed;

    private RotatedLog(Path path, Rotation options, LogFormat format, Map<String, String> attributes, FileChannel file)
            throws IOException {
        this.path = path;
        this.options = options;
        this.format = format;
        this.encoder = format.encoder(attributes);
        this.file = file;
        this.size = file.size();
    }

    /**
     * Opens the log for appending; makes the file if it is not there.
     *
     * @param attributes what each line carries besides
     */
    public static RotatedLog open(Path path, Rotation options, LogFormat format, Map<String, String> attributes)
            throws IOException {
        return new RotatedLog(path, options, format, attributes, channel(path));
    }

    /** Reads it while it is written, or after. */
    public RotatedLogReader reader(LogQuery query, RotatedLogReader.Receiver receiver) {
        return new RotatedLogReader(path, format, this, query, receiver);
    }

    private static FileChannel channel(Path path) throws IOException {
        return FileChannel.open(
                path,
                java.util.Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    }

    Path path() {
        return path;
    }

    @Override
    public void append(int stream, byte[] bytes, int offset, int length, boolean partial, Instant time) {
        encoder.line(stream, bytes, offset, length, partial, time);
    }

    @Override
    public void commit() throws IOException {
        if (encoder.size() == 0) {
            return;
        }
        var bytes = ByteBuffer.wrap(encoder.buffer(), 0, encoder.size());
        long at = size;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
        encoder.clear();
        grown(at);
    }

    private void grown(long newSize) {
        lock.lock();
        try {
            size = newSize;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long mark() throws IOException {
        if (options.maxSize() > 0 && size >= options.maxSize()) {
            rotate();
        }
        return size;
    }

    @Override
    public void rollback(long mark) throws IOException {
        if (mark < size) {
            file.truncate(mark);
            grown(mark);
        }
    }

    private void rotate() throws IOException {
        String end = options.compress() ? ".gz" : "";
        for (int i = options.maxFile() - 1; i > 1; i--) {
            Path older = rotated(i - 1, end);
            if (Files.exists(older)) {
                Files.move(older, rotated(i, end), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (options.maxFile() == 1) {
            Files.delete(path);
        } else {
            Files.move(path, rotated(1, ""), StandardCopyOption.REPLACE_EXISTING);
        }
        var next = channel(path);
        file.close();
        if (options.compress()) {
            compress(rotated(1, ""), rotated(1, end));
        }
        lock.lock();
        try {
            file = next;
            size = 0;
            generation++;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Path rotated(int number, String end) {
        return path.resolveSibling(path.getFileName() + "." + number + end);
    }

    private static void compress(Path from, Path to) throws IOException {
        Path part = to.resolveSibling(to.getFileName() + ".tmp");
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(part), 64 * 1024)) {
            in.transferTo(out);
        }
        Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
        Files.delete(from);
    }

    /** How far the log is: which file since the writer opened it, its bytes, and whether no more will come. */
    record Progress(int generation, long size, boolean closed) {}

    /** How far the log is now. */
    Progress progress() {
        lock.lock();
        try {
            return new Progress(generation, size, closed);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the log has got further than {@code seen}, or has been closed. */
    Progress awaitBeyond(Progress seen) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && generation == seen.generation() && size == seen.size()) {
                grown.await();
            }
            return new Progress(generation, size, closed);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            commit();
        } finally {
            lock.lock();
            try {
                closed = true;
                grown.signalAll();
            } finally {
                lock.unlock();
            }
            file.close();
        }
    }
}
