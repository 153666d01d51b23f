package io.drydock.spec.oci;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/** A stream that knows the SHA-256 digest and the number of the bytes read from it. Not safe for several threads. */
public final class DigestingInputStream extends FilterInputStream {
    private final MessageDigest hasher = Digest.sha256Hasher();
    private long count;

    public DigestingInputStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b >= 0) {
            hasher.update((byte) b);
            count++;
        }
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = in.read(buffer, offset, length);
        if (n > 0) {
            hasher.update(buffer, offset, n);
            count += n;
        }
        return n;
    }

    @Override
    public long skip(long wanted) throws IOException {
        var buffer = new byte[(int) Math.clamp(wanted, 0, 8192)];
        return Math.max(0, read(buffer, 0, buffer.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Bytes read so far. */
    public long count() {
        return count;
    }

    /** The digest of the bytes read so far. To be called once, at the end. */
    public Digest digest() {
        return Digest.sha256(hasher);
    }
}
