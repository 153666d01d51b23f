package io.drydock.image.archive.stream;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.Locale;

/** How a layer is compressed, seen from its first bytes. */
public enum Compression {
    NONE,
    GZIP,
    ZSTD,
    BZIP2,
    XZ;

    private static final int MAGIC = 6;

    /** A stream together with what its first bytes say. */
    public record Detected(Compression compression, InputStream stream) {
        /** The bytes uncompressed. */
        public InputStream decompressed() throws IOException {
            return compression.decompress(stream);
        }
    }

    /** Looks at the first bytes; the stream of the result begins with them again. */
    public static Detected detect(InputStream in) throws IOException {
        PushbackInputStream pushback = new PushbackInputStream(in, MAGIC);
        byte[] first = pushback.readNBytes(MAGIC);
        pushback.unread(first);
        return new Detected(of(first), pushback);
    }

    /** The compression whose magic number the bytes begin with. */
    static Compression of(byte[] first) {
        if (begins(first, 0x1f, 0x8b)) {
            return GZIP;
        }
        boolean skippable = first.length >= 4
                && (first[0] & 0xf0) == 0x50
                && begins(new byte[] {first[1], first[2], first[3]}, 0x2a, 0x4d, 0x18);
        if (skippable || begins(first, 0x28, 0xb5, 0x2f, 0xfd)) {
            return ZSTD;
        }
        if (begins(first, 'B', 'Z', 'h')) {
            return BZIP2;
        }
        return begins(first, 0xfd, '7', 'z', 'X', 'Z', 0) ? XZ : NONE;
    }

    private static boolean begins(byte[] bytes, int... magic) {
        if (bytes.length < magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((bytes[i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * A stream of the uncompressed bytes; closing it closes {@code in}.
     *
     * @throws IOException for bzip2 and xz, which layers may not use
     */
    public InputStream decompress(InputStream in) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GzipReader(in);
            case ZSTD -> new ZstdInputStreamNoFinalizer(in);
            case BZIP2, XZ -> throw new IOException("unsupported compression " + name().toLowerCase(Locale.ROOT));
        };
    }

    /**
     * A stream that compresses, fast, into another one; closing it closes {@code out}.
     *
     * @throws IOException for bzip2 and xz, which layers may not use
     */
    public OutputStream compress(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new GzipWriter(out);
            case ZSTD -> new ZstdOutputStreamNoFinalizer(out);
            case BZIP2, XZ -> throw new IOException("unsupported compression " + name().toLowerCase(Locale.ROOT));
        };
    }
}
