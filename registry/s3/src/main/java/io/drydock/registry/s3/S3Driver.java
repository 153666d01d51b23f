package io.drydock.registry.s3;

import io.drydock.registry.storage.driver.Driver;
import io.drydock.registry.storage.driver.KeyOrder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket of S3, see the package. */
final class S3Driver implements Driver {
    private static final String USED = ".drydock/used/";
    /** That an object is in use is noted no more often than this. */
    private static final Duration FRESH = Duration.ofHours(1);

    private final Bucket bucket;

    S3Driver(Bucket bucket) {
        this.bucket = bucket;
    }

    @Override
    public String name() {
        return "s3";
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return bucket.get(path).map(Bucket.Small::bytes);
    }

    @Override
    public void write(String path, byte[] bytes) throws IOException {
        bucket.put(path, RequestBody.fromBytes(bytes));
    }

    @Override
    public boolean writeIf(String path, Optional<byte[]> expected, byte[] bytes) throws IOException {
        while (true) {
            var now = bucket.get(path);
            boolean same = now.isPresent()
                    ? expected.isPresent() && Arrays.equals(now.get().bytes(), expected.get())
                    : expected.isEmpty();
            if (!same) {
                return false;
            }
            if (bucket.putIf(path, now.map(Bucket.Small::tag), bytes)) {
                return true;
            }
            // somebody was faster, perhaps with what is expected: look again
        }
    }

    @Override
    public Optional<Content> open(String path) throws IOException {
        return bucket.head(path).map(found -> new S3Content(path, found.contentLength()));
    }

    private final class S3Content implements Content {
        private final String path;
        private final long size;

        S3Content(String path, long size) {
            this.path = path;
            this.size = size;
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public InputStream stream(long offset, long count) throws IOException {
            return count == 0 ? InputStream.nullInputStream() : bucket.stream(path, offset, count);
        }

        @Override
        public void close() {
            // each stream is a request of its own
        }
    }

    @Override
    public Optional<Stat> stat(String path) throws IOException {
        var found = bucket.head(path);
        if (found.isPresent()) {
            return Optional.of(new Stat(found.get().contentLength(), found.get().lastModified(), false));
        }
        return bucket.list(path + "/", true, null, null, 1).contents().isEmpty()
                ? Optional.empty()
                : Optional.of(new Stat(0, Instant.EPOCH, true));
    }

    @Override
    public Optional<Instant> lastUsed(String path) throws IOException {
        var written = stat(path);
        if (written.isEmpty() || written.get().directory()) {
            return written.map(Stat::modified);
        }
        var used = bucket.head(USED + path);
        return used.isPresent()
                        && used.get().lastModified().isAfter(written.get().modified())
                ? Optional.of(used.get().lastModified())
                : written.map(Stat::modified);
    }

    @Override
    public boolean touch(String path) throws IOException {
        var written = bucket.head(path);
        if (written.isEmpty()) {
            return false;
        }
        var fresh = Instant.now().minus(FRESH);
        if (written.get().lastModified().isBefore(fresh)) {
            var used = bucket.head(USED + path);
            if (used.isEmpty() || used.get().lastModified().isBefore(fresh)) {
                bucket.put(USED + path, RequestBody.empty());
            }
        }
        return true;
    }

    @Override
    public Appender append(String path) throws IOException {
        return S3Session.find(bucket, path).orElseGet(() -> S3Session.begin(bucket, path));
    }

    @Override
    public Optional<Long> appended(String path) throws IOException {
        return S3Session.find(bucket, path).map(S3Session::size);
    }

    @Override
    public void seal(String path) throws IOException {
        S3Session.find(bucket, path)
                .orElseThrow(() -> new NoSuchFileException(path))
                .seal();
    }

    @Override
    public Optional<Creation> create(String path) {
        return Optional.of(new S3Creation(bucket, path));
    }

    @Override
    public void move(String from, String to) throws IOException {
        var found = bucket.head(from).orElseThrow(() -> new NoSuchFileException(from));
        Copy.of(bucket, from, to, found.contentLength());
        bucket.delete(List.of(bucket.key(from)));
    }

    @Override
    public boolean delete(String path) throws IOException {
        if (bucket.head(path).isEmpty()) {
            return false;
        }
        bucket.delete(List.of(bucket.key(path), bucket.key(USED + path)));
        return true;
    }

    @Override
    public void deleteTree(String path) throws IOException {
        delete(path);
        while (true) {
            var page = bucket.list(path + "/", true, null, null, bucket.page());
            var keys = page.contents().stream().map(S3Object::key).toList();
            if (keys.isEmpty()) {
                return;
            }
            for (var key : keys) {
                if (S3Session.isMultipart(key)) {
                    S3Session.abort(bucket, key.substring(bucket.key("").length()));
                }
            }
            bucket.delete(keys);
        }
    }

    @Override
    public List<String> list(String directory, String after, int most) throws IOException {
        try {
            return KeyOrder.page(names(directory, most), after, most);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private KeyOrder.Names names(String directory, int most) {
        return new KeyOrder.Names() {
            @Override
            public Iterator<String> behind(String text) throws IOException {
                return new Listing(bucket, directory + "/", text, most);
            }

            @Override
            public boolean has(String name) throws IOException {
                return exists(directory + "/" + name);
            }
        };
    }

    @Override
    public boolean keepsDirectories() {
        return false;
    }

    @Override
    public Optional<URI> redirect(String path, String method, Duration lifetime) {
        return Optional.of(bucket.address(path, method, lifetime));
    }

    @Override
    public Optional<String> failure() {
        try {
            bucket.list("docker/", true, null, null, 1);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }

    @Override
    public void close() {
        bucket.close();
    }
}
