package io.drydock.image.remote;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Computes digests in their textual form, {@code algorithm:hex}. */
final class DigestCheck {
    private final String algorithm;
    private final MessageDigest digest;

    private DigestCheck(String algorithm, MessageDigest digest) {
        this.algorithm = algorithm;
        this.digest = digest;
    }

    /** For the algorithm of that digest: sha256 or sha512. */
    static DigestCheck like(String expected) throws RegistryException {
        var algorithm = expected.substring(0, Math.max(0, expected.indexOf(':')));
        try {
            return switch (algorithm) {
                case "sha256" -> new DigestCheck(algorithm, MessageDigest.getInstance("SHA-256"));
                case "sha512" -> new DigestCheck(algorithm, MessageDigest.getInstance("SHA-512"));
                default ->
                    throw new RegistryException(
                            RegistryException.Kind.UNSUPPORTED, "unsupported digest algorithm: " + expected);
            };
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-2", e);
        }
    }

    static String sha256(byte[] bytes) throws RegistryException {
        var check = like("sha256:");
        check.update(bytes, 0, bytes.length);
        return check.value();
    }

    void update(byte[] buffer, int offset, int length) {
        digest.update(buffer, offset, length);
    }

    /** The digest of everything so far. Ends the computation. */
    String value() {
        return algorithm + ":" + HexFormat.of().formatHex(digest.digest());
    }
}
