package io.drydock.spec.oci;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The digest of some bytes: {@code sha256:} or {@code sha512:} and lower-case hexadecimal digits. Source: OCI image-spec,
 * descriptor.md, "Digests".
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex 64 or 128 digits
 */
public record Digest(String algorithm, String hex) {

    /**
     * @throws IllegalArgumentException with the original's words when it is not a digest
     */
    public Digest {
        int length =
                switch (algorithm) {
                    case "sha256" -> 64;
                    case "sha512" -> 128;
                    default -> throw new IllegalArgumentException("unsupported digest algorithm");
                };
        if (hex.length() != length) {
            throw new IllegalArgumentException("invalid checksum digest length");
        }
        for (int i = 0; i < length; i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                throw new IllegalArgumentException("invalid checksum digest format");
            }
        }
    }

    /**
     * Reads {@code algorithm:hex}.
     *
     * @throws IllegalArgumentException when it is not that
     */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("invalid checksum digest format");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    /** Whether the text is a digest. */
    public static boolean isDigest(String text) {
        try {
            parse(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The SHA-256 digest of these bytes. */
    public static Digest sha256(byte[] bytes) {
        return of("sha256", hasher("sha256").digest(bytes));
    }

    /** The digest that a hasher made with {@link #newHasher} comes to; ends its computation. */
    public Digest finish(MessageDigest hasher) {
        return of(algorithm, hasher.digest());
    }

    /** The SHA-256 digest that this hasher comes to; ends its computation. */
    public static Digest sha256(MessageDigest hasher) {
        return of("sha256", hasher.digest());
    }

    /** A hasher of this digest's algorithm. */
    public MessageDigest newHasher() {
        return hasher(algorithm);
    }

    /** A hasher of SHA-256. */
    public static MessageDigest sha256Hasher() {
        return hasher("sha256");
    }

    private static Digest of(String algorithm, byte[] sum) {
        return new Digest(algorithm, HexFormat.of().formatHex(sum));
    }

    private static MessageDigest hasher(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm.equals("sha256") ? "SHA-256" : "SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-2", e);
        }
    }

    /** A stream that fails at its end, with an IOException, if its bytes are not those of this digest. */
    public InputStream verify(InputStream in) {
        return new VerifyingInputStream(in, this);
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    private static final class VerifyingInputStream extends java.io.FilterInputStream {
        private final Digest expected;
        private final MessageDigest hasher;
        private boolean ended;

        VerifyingInputStream(InputStream in, Digest expected) {
            super(in);
            this.expected = expected;
            this.hasher = expected.newHasher();
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                hasher.update(buffer, offset, n);
            } else if (n < 0 && !ended) {
                ended = true;
                var got = expected.finish(hasher);
                if (!got.equals(expected)) {
                    throw new IOException("unexpected digest: expected " + expected + ", got " + got);
                }
            }
            return n;
        }

        @Override
        public long skip(long count) throws IOException {
            var buffer = new byte[8192];
            int n = read(buffer, 0, (int) Math.min(buffer.length, Math.max(0, count)));
            return Math.max(0, n);
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
