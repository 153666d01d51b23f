package io.drydock.rpc;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names sockets by what they are for: the kernel allows a socket's path 107 bytes, too few for most keys. */
public final class SocketPath {
    private SocketPath() {}

    /** The socket for a key in a directory: its SHA-256 in hexadecimal. */
    public static Path hashed(Path directory, String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return directory.resolve(HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
