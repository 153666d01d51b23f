package io.drydock.registry.storage;

import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** An upload session: what has come of one blob. Its methods exclude each other; a session outlives the process. */
public final class Upload {
    private static final int BUFFER = 128 * 1024;

    private final Uploads uploads;
    private final String repository;
    private final String id;
    private final Path directory;
    private final ReentrantLock lock = new ReentrantLock();
    /** The digest of the first {@code hashed} bytes, which spares reading them again at the end. */
    private MessageDigest hasher = Digest.sha256Hasher();

    private long hashed;

    Upload(Uploads uploads, String repository, String id, Path directory) {
        this.uploads = uploads;
        this.repository = repository;
        this.id = id;
        this.directory = directory;
    }

    /** Names the session; a UUID. */
    public String id() {
        return id;
    }

    /** Bytes that have come. */
    public long size() throws IOException {
        return Files.size(data());
    }

    /** What has come so far, for reading. It stays readable when the session has ended. The caller closes it. */
    public FileChannel open() throws IOException {
        return FileChannel.open(data(), StandardOpenOption.READ);
    }

    private Path data() {
        return directory.resolve("data");
    }

    /**
     * Appends all of a stream. What had come before a failure stays.
     *
     * @param offset where the stream begins, or -1 for where the session is
     * @return false if the session is elsewhere
     */
    public boolean append(long offset, InputStream in) throws IOException {
        lock.lock();
        try (var out = FileChannel.open(data(), StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            if (offset >= 0 && offset != out.size()) {
                return false;
            }
            boolean hashing = hashed == out.size();
            var buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                var bytes = ByteBuffer.wrap(buffer, 0, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                if (hashing) {
                    hasher.update(buffer, 0, n);
                    hashed += n;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Makes it a blob if it has that digest, and drops it if not; false then. */
    public boolean finish(Digest digest) throws IOException {
        lock.lock();
        try {
            if (!digestLike(digest).equals(digest)) {
                drop();
                return false;
            }
            try (var file = FileChannel.open(data(), StandardOpenOption.WRITE)) {
                file.force(false);
            }
            uploads.publish(repository, digest, data());
            drop();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private Digest digestLike(Digest digest) throws IOException {
        if (digest.algorithm().equals("sha256") && hashed == size()) {
            var result = Digest.sha256(hasher);
            hasher = Digest.sha256Hasher();
            hashed = -1;
            return result;
        }
        var again = digest.newHasher();
        try (var in = Files.newInputStream(data())) {
            var buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                again.update(buffer, 0, n);
            }
        }
        return digest.finish(again);
    }

    /** Ends the session without a blob. */
    public void cancel() throws IOException {
        lock.lock();
        try {
            drop();
        } finally {
            lock.unlock();
        }
    }

    private void drop() throws IOException {
        uploads.forget(repository, id);
        // whatever is in it: a session that Docker's registry began holds the states of its hashers, too
        Durable.deleteTree(directory);
    }

    static Optional<Upload> existing(Uploads uploads, String repository, String id, Path directory) {
        return Files.exists(directory.resolve("data"))
                ? Optional.of(new Upload(uploads, repository, id, directory))
                : Optional.empty();
    }
}
