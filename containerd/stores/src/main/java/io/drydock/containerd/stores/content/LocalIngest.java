package io.drydock.containerd.stores.content;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContentStore;
import io.drydock.containerd.core.Labels;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/** An open ingest: the file being written and the digest of what is in it. Used by one thread at a time. */
final class LocalIngest implements ContentStore.Ingest {
    private static final int BUFFER = 256 * 1024;

    private final LocalContentStore store;
    private final String namespace;
    private final String lease;
    private final IngestDirectory files;
    private final FileChannel data;
    private final String algorithm;
    private MessageDigest hasher;
    private long offset;
    private Instant updatedAt = Instant.now();
    private boolean committed;
    private boolean closed;

    LocalIngest(LocalContentStore store, String namespace, String lease, IngestDirectory files) throws IOException {
        this.store = store;
        this.namespace = namespace;
        this.lease = lease;
        this.files = files;
        this.algorithm = files.expected().startsWith("sha512:") ? "sha512" : "sha256";
        this.hasher = newHasher();
        this.data = FileChannel.open(files.data(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        takeUp();
    }

    private MessageDigest newHasher() {
        return algorithm.equals("sha512") ? Digest.parse(files.expected()).newHasher() : Digest.sha256Hasher();
    }

    /** Reads what an earlier writer left, to know its digest. */
    private void takeUp() throws IOException {
        if (data.size() == 0) {
            return;
        }
        var buffer = ByteBuffer.allocate(BUFFER);
        for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
            hasher.update(buffer.array(), 0, n);
            offset += n;
            buffer.clear();
        }
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public ContentStore.Status status() {
        return new ContentStore.Status(
                files.ref(), offset, files.total(), files.expected(), files.startedAt(), updatedAt);
    }

    @Override
    public String digest() {
        try {
            return format((MessageDigest) hasher.clone());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-2 can be copied", e);
        }
    }

    private String format(MessageDigest digest) {
        return algorithm + ":" + HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        var buffer = ByteBuffer.wrap(bytes, from, length);
        while (buffer.hasRemaining()) {
            data.write(buffer);
        }
        hasher.update(bytes, from, length);
        offset += length;
        updatedAt = Instant.now();
    }

    @Override
    public void restart() throws IOException {
        data.truncate(0);
        hasher = newHasher();
        offset = 0;
    }

    @Override
    public String commit(long size, String expected, Map<String, String> labels) throws IOException {
        Labels.check(labels);
        long wantedSize = size > 0 ? size : files.total();
        if (wantedSize > 0 && wantedSize != offset) {
            throw ContainerdError.failedPrecondition(
                    "\"" + files.ref() + "\" failed size validation: " + offset + " != " + wantedSize);
        }
        String digest = digest();
        String wanted = expected.isEmpty() ? files.expected() : expected;
        if (!wanted.isEmpty() && !wanted.equals(digest)) {
            throw ContainerdError.failedPrecondition("unexpected commit digest " + digest + ", expected " + wanted);
        }
        data.force(false);
        try {
            store.publish(namespace, lease, files.ref(), files.data(), digest, offset, labels);
        } catch (ContainerdError e) {
            if (e.code() == ContainerdError.Code.ALREADY_EXISTS) {
                committed = true; // the blob is there: what was written again is of no use
            }
            throw e;
        }
        committed = true;
        return digest;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try {
            data.close();
            if (committed) {
                IngestDirectory.remove(files.path());
            }
        } finally {
            store.release(namespace, files.ref());
        }
    }
}
