package io.drydock.docker.cli.http;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A private key in PEM: PKCS #8, or PKCS #1 (RSA) and SEC 1 (elliptic curves), which are wrapped in PKCS #8 for the JDK. */
final class PrivateKeyFile {
    private static final int INTEGER = 2;
    private static final int OCTETS = 4;
    private static final int SEQUENCE = 0x30;
    private static final int PARAMETERS = 0xa0;
    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    /** The identifier 1.2.840.113549.1.1.1 and no parameters. */
    private static final byte[] RSA = {6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 1, 1, 5, 0};
    /** The identifier 1.2.840.10045.2.1. */
    private static final byte[] ELLIPTIC = {6, 7, 42, (byte) 134, 72, (byte) 206, 61, 2, 1};

    private PrivateKeyFile() {}

    /**
     * Reads the first private key of a PEM text.
     *
     * @throws GeneralSecurityException if there is none, or none that is understood
     */
    static PrivateKey parse(String pem) throws GeneralSecurityException {
        for (String name : List.of("PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY")) {
            String head = "-----BEGIN " + name + "-----";
            int from = pem.indexOf(head);
            int to = pem.indexOf("-----END " + name, Math.max(from, 0));
            if (from < 0 || to < 0) {
                continue;
            }
            byte[] der = Base64.getMimeDecoder().decode(pem.substring(from + head.length(), to));
            return switch (name.charAt(0)) {
                case 'R' -> generate("RSA", wrap(RSA, der));
                case 'E' -> generate("EC", wrap(join(ELLIPTIC, curve(der)), der));
                default -> any(der);
            };
        }
        throw new GeneralSecurityException("no private key found");
    }

    private static PrivateKey any(byte[] der) throws GeneralSecurityException {
        var failures = new ArrayList<GeneralSecurityException>();
        for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return generate(algorithm, der);
            } catch (GeneralSecurityException e) {
                failures.add(e);
            }
        }
        throw failures.getFirst();
    }

    private static PrivateKey generate(String algorithm, byte[] pkcs8) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    private static byte[] wrap(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, join(VERSION_0, element(SEQUENCE, algorithm), element(OCTETS, key)));
    }

    /** The curve's identifier: SEC 1 keys have it behind the version and the number. */
    private static byte[] curve(byte[] key) throws GeneralSecurityException {
        try {
            int at = content(key, 0);
            at = end(key, at); // the version
            at = end(key, at); // the number
            if ((key[at] & 255) == PARAMETERS) {
                return Arrays.copyOfRange(key, content(key, at), end(key, at));
            }
        } catch (ArrayIndexOutOfBoundsException e) {
            throw new GeneralSecurityException("malformed EC private key", e);
        }
        throw new GeneralSecurityException("EC private key does not name its curve");
    }

    private static int content(byte[] der, int at) {
        int length = der[at + 1] & 255;
        return at + 2 + (length < 128 ? 0 : length & 127);
    }

    private static int end(byte[] der, int at) {
        int length = der[at + 1] & 255;
        if (length >= 128) {
            int bytes = length & 127;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | der[at + 2 + i] & 255;
            }
        }
        return content(der, at) + length;
    }

    private static byte[] element(int tag, byte[] content) {
        int n = content.length;
        byte[] head = n < 128
                ? new byte[] {(byte) tag, (byte) n}
                : new byte[] {(byte) tag, (byte) 130, (byte) (n >> 8), (byte) n};
        return join(head, content);
    }

    private static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
