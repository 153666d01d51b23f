package io.drydock.registry.s3;

import io.drydock.registry.storage.driver.Driver;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An object written where it belongs: in one request if it is small, else in parts. */
final class S3Creation implements Driver.Creation {
    private final Bucket bucket;
    private final String path;
    private final Spool spool = new Spool();
    private @Nullable Multipart parts;
    private boolean committed;

    S3Creation(Bucket bucket, String path) {
        this.bucket = bucket;
        this.path = path;
    }

    @Override
    public long size() {
        return spool.size() + (parts == null ? 0 : parts.size());
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        spool.write(bytes, offset, length);
        if (spool.size() >= bucket.settings().chunk()) {
            if (parts == null) {
                parts = Multipart.begin(bucket, path);
            }
            parts.add(spool.body(), spool.size());
            spool.clear();
        }
    }

    @Override
    public void commit() throws IOException {
        if (parts == null) {
            bucket.put(path, spool.body());
        } else {
            if (spool.size() > 0) {
                parts.add(spool.body(), spool.size());
            }
            parts.complete();
        }
        committed = true;
    }

    @Override
    public void close() throws IOException {
        try (spool) {
            if (parts != null && !committed) {
                parts.abort();
            }
        }
    }
}
