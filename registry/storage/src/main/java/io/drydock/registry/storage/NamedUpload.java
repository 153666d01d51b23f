package io.drydock.registry.storage;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/** The upload of a blob whose digest was said first: it is written where it belongs, once, and appears if it has the digest. */
final class NamedUpload implements Upload {
    private static final int BUFFER = 128 * 1024;

    private final Blobs blobs;
    private final String repository;
    private final Digest digest;
    private final Driver.Creation file;
    private final String id = UUID.randomUUID().toString();
    private final ReentrantLock lock = new ReentrantLock();
    private final MessageDigest hasher;

    NamedUpload(Blobs blobs, String repository, Digest digest, Driver.Creation file) {
        this.blobs = blobs;
        this.repository = repository;
        this.digest = digest;
        this.file = file;
        this.hasher = digest.newHasher();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public Optional<FileChannel> growing() {
        return Optional.empty();
    }

    @Override
    public boolean append(long offset, InputStream in) throws IOException {
        lock.lock();
        try {
            if (offset >= 0 && offset != file.size()) {
                return false;
            }
            var buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                file.write(buffer, 0, n);
                hasher.update(buffer, 0, n);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean finish(Digest wanted) throws IOException {
        lock.lock();
        try (file) {
            if (!wanted.equals(digest) || !digest.finish(hasher).equals(digest)) {
                return false;
            }
            blobs.publish(repository, digest, file);
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void cancel() throws IOException {
        lock.lock();
        try {
            file.close();
        } finally {
            lock.unlock();
        }
    }
}
