package io.drydock.registry.server;

import io.drydock.spec.oci.Digest;
import java.security.PublicKey;
import java.util.Arrays;

/** Names of keys as libtrust makes them, which token servers for Docker's registry 2 put into {@code kid}. */
final class KeyId {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int BYTES = 30;

    private KeyId() {}

    /** Twelve groups of four base32 characters, of the first 240 bits of the SHA-256 of the key's DER form. */
    static String of(PublicKey key) {
        var sum = Arrays.copyOf(Digest.sha256Hasher().digest(key.getEncoded()), BYTES);
        var text = new StringBuilder();
        int bits = 0;
        int buffer = 0;
        int characters = 0;
        for (byte next : sum) {
            buffer = buffer << 8 | next & 0xff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(characters > 0 && characters % 4 == 0 ? ":" : "")
                        .append(ALPHABET.charAt(buffer >> bits & 31));
                characters++;
            }
        }
        return text.toString();
    }
}
