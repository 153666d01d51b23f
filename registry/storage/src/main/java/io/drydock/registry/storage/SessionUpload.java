package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** An upload session, which outlives the process and goes on in any that has the same files. */
final class SessionUpload implements Upload {
    private static final int BUFFER = 128 * 1024;

    private final Driver driver;
    private final Uploads uploads;
    private final String repository;
    private final String id;
    private final String directory;
    private final String data;
    private final ReentrantLock lock = new ReentrantLock();
    /** The digest of the first {@code hashed} bytes, which spares reading them again at the end. */
    private MessageDigest hasher = Digest.sha256Hasher();

    private long hashed;

    SessionUpload(Driver driver, Uploads uploads, String repository, String id) {
        this.driver = driver;
        this.uploads = uploads;
        this.repository = repository;
        this.id = id;
        this.directory = Layout.upload(repository, id);
        this.data = directory + "/data";
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long size() throws IOException {
        return driver.appended(data).orElseThrow(() -> new NoSuchFileException(data));
    }

    @Override
    public Optional<FileChannel> growing() throws IOException {
        return driver.growing(data);
    }

    @Override
    public boolean append(long offset, InputStream in) throws IOException {
        lock.lock();
        try {
            if (driver.appended(data).isEmpty()) {
                throw new NoSuchFileException(data); // it has ended meanwhile
            }
            try (var out = driver.append(data)) {
                if (offset >= 0 && offset != out.size()) {
                    return false;
                }
                boolean hashing = hashed == out.size();
                var buffer = new byte[BUFFER];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    out.write(buffer, 0, n);
                    if (hashing) {
                        hasher.update(buffer, 0, n);
                        hashed += n;
                    }
                }
                return true;
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean finish(Digest digest) throws IOException {
        lock.lock();
        try {
            driver.seal(data);
            if (!digestLike(digest).equals(digest)) {
                drop();
                return false;
            }
            uploads.publish(repository, digest, data);
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
        try (var file = driver.open(data).orElseThrow(() -> new NoSuchFileException(data));
                var in = file.stream(0, file.size())) {
            var buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                again.update(buffer, 0, n);
            }
        }
        return digest.finish(again);
    }

    @Override
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
        driver.deleteTree(directory);
    }
}
