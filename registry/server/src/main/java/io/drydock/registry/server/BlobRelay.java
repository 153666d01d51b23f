package io.drydock.registry.server;

import io.drydock.http.Response;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.registry.storage.Upload;
import io.drydock.registry.storage.Uploads;
import io.drydock.spec.oci.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A blob on its way from the upstream into the storage, read by any number of clients while it grows. They get its last byte
 * when its digest has been found right, so that nobody takes a wrong one for whole.
 */
final class BlobRelay {
    private static final int BUFFER = 128 * 1024;

    private final Digest digest;
    private final long size;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Upload upload;
    private long written;
    private boolean done;
    private @Nullable IOException failure;

    /** @param size in bytes, -1 if unknown: then it can only be waited for */
    BlobRelay(Digest digest, long size) {
        this.digest = digest;
        this.size = size;
    }

    /** Fetches it. */
    void run(Uploads uploads, String repository, RemoteRepository remote) throws IOException {
        var session = uploads.begin(repository, digest);
        boolean finished = false;
        try (var in = remote.blob(digest.toString(), size, 0)) {
            change(() -> upload = session);
            session.append(0, new Counted(in));
            finished = session.finish(digest);
            if (!finished) {
                throw new IOException("the upstream's blob has not the digest " + digest);
            }
            change(() -> done = true);
        } finally {
            if (!finished) {
                session.cancel();
            }
        }
    }

    /** Tells those who wait that it will not come. */
    void fail(IOException why) {
        change(() -> failure = why);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Who asks for the next bytes has written those before. */
    private final class Counted extends FilterInputStream {
        private long read;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            long before = read;
            change(() -> written = before);
            int n = super.read(buffer, offset, length);
            read += Math.max(0, n);
            return n;
        }
    }

    /** Waits until it is in the storage. */
    void await() throws IOException {
        awaitMoreThan(Long.MAX_VALUE);
    }

    /** Waits for bytes behind a position, or for its end; how many may be sent. */
    private long awaitMoreThan(long position) throws IOException {
        lock.lock();
        try {
            while (true) {
                if (failure != null) {
                    throw new IOException("fetch " + digest + ": " + failure.getMessage(), failure);
                }
                if (done) {
                    return size;
                }
                long available = Math.min(written, size - 1);
                if (upload != null && available > position) {
                    return available;
                }
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends it as it comes. A failure on the way cuts the connection.
     *
     * @return false if nothing was sent because it is in the storage by now
     */
    boolean send(Response response) throws IOException {
        var file = open();
        if (file == null) {
            await();
            return false;
        }
        try (file;
                var out = response.header("Content-Length", Long.toString(size)).stream()) {
            var buffer = ByteBuffer.allocate(BUFFER);
            long position = 0;
            while (position < size) {
                long available = awaitMoreThan(position);
                while (position < available) {
                    buffer.clear().limit((int) Math.min(BUFFER, available - position));
                    int n = file.read(buffer, position);
                    if (n < 0) {
                        throw new IOException("the file of " + digest + " is shorter than what was written");
                    }
                    out.write(buffer.array(), 0, n);
                    position += n;
                }
                out.flush();
            }
        }
        return true;
    }

    /** The growing file, null if it has become a blob or the storage shows nothing before it is whole. */
    private @Nullable FileChannel open() throws IOException {
        lock.lock();
        try {
            while (upload == null && failure == null && !done) {
                changed.await();
            }
            if (failure != null) {
                throw new IOException("fetch " + digest + ": " + failure.getMessage(), failure);
            }
            return upload == null ? null : upload.growing().orElse(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            lock.unlock();
        }
    }
}
