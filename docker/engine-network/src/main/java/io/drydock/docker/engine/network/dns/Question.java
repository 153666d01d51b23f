package io.drydock.docker.engine.network.dns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A query as it came, and what it asks (RFC 1035 §4.1).
 *
 * @param message the whole message
 * @param name the name in lower case, without a dot at its end
 * @param type the record type asked for
 * @param end where the question ends in the message
 */
record Question(byte[] message, String name, int type, int end) {
    static final int A = 1;
    static final int PTR = 12;
    static final int AAAA = 28;

    private static final int HEADER = 12;
    private static final int CLASS_INTERNET = 1;
    private static final int RESPONSE_OR_OPCODE = 0xf8;
    private static final int TYPE_OPTIONS = 41;
    private static final int SMALLEST_DATAGRAM = 512;

    /** Reads a query; null if it is none, or not one question of the internet's class. */
    static @Nullable Question parse(byte[] message) {
        if (message.length < HEADER + 5 || (message[2] & RESPONSE_OR_OPCODE) != 0) {
            return null;
        }
        var buffer = ByteBuffer.wrap(message);
        if (buffer.getShort(4) != 1) {
            return null;
        }
        var name = new StringBuilder();
        int at = HEADER;
        while (message[at] != 0) {
            int length = message[at] & 0xff;
            if (length > 63 || at + length + 6 > message.length) {
                return null;
            }
            if (!name.isEmpty()) {
                name.append('.');
            }
            name.append(new String(message, at + 1, length, StandardCharsets.ISO_8859_1));
            at += length + 1;
        }
        if (at + 5 > message.length || buffer.getShort(at + 3) != CLASS_INTERNET) {
            return null;
        }
        return new Question(
                message, name.toString().toLowerCase(java.util.Locale.ROOT), buffer.getShort(at + 1) & 0xffff, at + 5);
    }

    int id() {
        return ByteBuffer.wrap(message).getShort(0) & 0xffff;
    }

    /** The longest datagram the asker takes: 512 bytes, or what its options say (RFC 6891). */
    int largestDatagram() {
        var buffer = ByteBuffer.wrap(message);
        // without answers in a query, the options come right after the question
        boolean options = buffer.getShort(10) != 0
                && end + 11 <= message.length
                && message[end] == 0
                && (buffer.getShort(end + 1) & 0xffff) == TYPE_OPTIONS;
        return options ? Math.max(SMALLEST_DATAGRAM, buffer.getShort(end + 3) & 0xffff) : SMALLEST_DATAGRAM;
    }
}
