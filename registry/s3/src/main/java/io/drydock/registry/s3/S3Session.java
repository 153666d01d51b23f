package io.drydock.registry.s3;

import io.drydock.registry.storage.driver.Driver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * An object that grows, in any process. As long as it is smaller than a part it is written anew each time. Then it is a multipart
 * upload with an object beside it for its id, and one for the bytes behind the parts that are too few for another.
 */
final class S3Session implements Driver.Appender {
    private static final String MULTIPART = ".multipart";
    private static final String TAIL = ".tail";

    private final Bucket bucket;
    private final String path;
    private final Spool spool = new Spool();
    private @Nullable Multipart parts;
    /** Bytes behind the parts that are in the store and not in the spool. */
    private long stored;

    private boolean isNew;
    private boolean changed;
    private boolean failed;

    private S3Session(Bucket bucket, String path, @Nullable Multipart parts, long stored, boolean isNew) {
        this.bucket = bucket;
        this.path = path;
        this.parts = parts;
        this.stored = stored;
        this.isNew = isNew;
    }

    /** What has come until now; empty if nothing has been begun. */
    static Optional<S3Session> find(Bucket bucket, String path) throws IOException {
        var parts = parts(bucket, path);
        var end = bucket.head(parts.isPresent() ? path + TAIL : path).map(HeadObjectResponse::contentLength);
        return parts.isEmpty() && end.isEmpty()
                ? Optional.empty()
                : Optional.of(new S3Session(bucket, path, parts.orElse(null), end.orElse(0L), false));
    }

    static S3Session begin(Bucket bucket, String path) {
        return new S3Session(bucket, path, null, 0, true);
    }

    private static Optional<Multipart> parts(Bucket bucket, String path) throws IOException {
        var id = bucket.get(path + MULTIPART);
        // one that has been completed is no multipart upload any more, whether or not its id is still written there
        return id.isEmpty()
                ? Optional.empty()
                : Multipart.find(bucket, path, new String(id.get().bytes(), StandardCharsets.UTF_8));
    }

    @Override
    public long size() {
        return (parts == null ? 0 : parts.size()) + stored + spool.size();
    }

    private String end() {
        return parts == null ? path : path + TAIL;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        boolean done = false;
        try {
            fetchEnd();
            spool.write(bytes, offset, length);
            changed = true;
            if (spool.size() >= bucket.settings().chunk()) {
                addPart();
            }
            done = true;
        } finally {
            failed = !done;
        }
    }

    private void fetchEnd() throws IOException {
        if (stored > 0) {
            var end = bucket.get(end()).orElseThrow(() -> new IOException("the end of " + path + " is gone"));
            stored = 0;
            spool.write(end.bytes(), 0, end.bytes().length);
        }
    }

    private void addPart() throws IOException {
        boolean hadTail = parts != null;
        if (parts == null) {
            parts = Multipart.begin(bucket, path);
            bucket.put(path + MULTIPART, RequestBody.fromString(parts.id()));
        }
        parts.add(spool.body(), spool.size());
        spool.clear();
        if (hadTail) {
            bucket.delete(List.of(bucket.key(path + TAIL)));
        }
    }

    /** Keeps what has come. */
    @Override
    public void close() throws IOException {
        try (spool) {
            if (failed || !changed && !isNew || parts != null && spool.size() == 0) {
                return;
            }
            if (spool.size() >= S3Settings.SMALLEST_PART && parts != null) {
                addPart();
            } else {
                bucket.put(end(), spool.body());
            }
        }
    }

    /** Makes it an object as any other. */
    void seal() throws IOException {
        try (spool) {
            if (parts == null) {
                return;
            }
            fetchEnd();
            if (spool.size() > 0) {
                parts.add(spool.body(), spool.size());
            }
            parts.complete();
            bucket.delete(List.of(bucket.key(path + MULTIPART), bucket.key(path + TAIL)));
        }
    }

    /** Whether an object of this key says which multipart upload there is; {@link #abort} ends that. */
    static boolean isMultipart(String path) {
        return path.endsWith(MULTIPART);
    }

    static void abort(Bucket bucket, String idPath) throws IOException {
        var parts = parts(bucket, idPath.substring(0, idPath.length() - MULTIPART.length()));
        if (parts.isPresent()) {
            parts.get().abort();
        }
    }
}
