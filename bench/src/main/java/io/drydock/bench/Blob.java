package io.drydock.bench;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** A blob of a repository. */
record Blob(String repository, byte[] bytes, String digest) {
    /** One that nothing compresses. */
    static Blob noise(String repository, int size, int seed) {
        var bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        try {
            var sum = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Blob(repository, bytes, "sha256:" + HexFormat.of().formatHex(sum));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where it is pulled from. */
    String path() {
        return "/v2/" + repository + "/blobs/" + digest;
    }
}
