package io.drydock.docker.engine.network.dns;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Answers of our own (RFC 1035 §4.1). */
final class Response {
    static final int NO_ERROR = 0;
    static final int FORMAT_ERROR = 1;
    static final int SERVER_FAILURE = 2;
    static final int NO_SUCH_NAME = 3;

    /** How long others may remember an address, in seconds: what the original says. */
    private static final int TTL = 600;

    private static final int IS_RESPONSE = 0x8000;
    private static final int RECURSION_AVAILABLE = 0x0080;
    private static final int KEPT_FLAGS = 0x0110; // recursion desired, checking disabled
    private static final int TRUNCATED = 0x0200;
    private static final int POINTER_TO_QUESTION = 0xc00c;

    private Response() {}

    /** Addresses; none of them for a name that has no address of that type. */
    static byte[] addresses(Question question, List<byte[]> addresses) {
        var message = begin(question, NO_ERROR, addresses.size());
        for (var address : addresses) {
            record(message, question.type(), address);
        }
        return message.toByteArray();
    }

    /** The name of an address. */
    static byte[] name(Question question, String name) {
        var encoded = new ByteArrayOutputStream();
        for (var label : name.split("\\.")) {
            var bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            encoded.write(Math.min(bytes.length, 63));
            encoded.write(bytes, 0, Math.min(bytes.length, 63));
        }
        encoded.write(0);
        var message = begin(question, NO_ERROR, 1);
        record(message, Question.PTR, encoded.toByteArray());
        return message.toByteArray();
    }

    /** A code without answers. */
    static byte[] code(Question question, int code) {
        return begin(question, code, 0).toByteArray();
    }

    /** The answer as it fits into a datagram: one that does not is cut, and the asker comes again by TCP. */
    static byte[] fitting(Question question, byte[] response) {
        if (response.length <= question.largestDatagram()) {
            return response;
        }
        var cut = begin(question, response[3] & 0xf, 0).toByteArray();
        cut[2] |= (byte) (TRUNCATED >> 8);
        return cut;
    }

    private static ByteArrayOutputStream begin(Question question, int code, int answers) {
        var query = ByteBuffer.wrap(question.message());
        var header = ByteBuffer.allocate(12)
                .putShort(query.getShort(0))
                .putShort((short) (IS_RESPONSE | RECURSION_AVAILABLE | query.getShort(2) & KEPT_FLAGS | code))
                .putShort((short) 1)
                .putShort((short) answers);
        var message = new ByteArrayOutputStream();
        message.writeBytes(header.array());
        message.write(question.message(), 12, question.end() - 12);
        return message;
    }

    private static void record(ByteArrayOutputStream message, int type, byte[] data) {
        message.writeBytes(ByteBuffer.allocate(12)
                .putShort((short) POINTER_TO_QUESTION)
                .putShort((short) type)
                .putShort((short) 1)
                .putInt(TTL)
                .putShort((short) data.length)
                .array());
        message.writeBytes(data);
    }
}
