package io.drydock.docker.engine.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes lines as Docker's local driver does: the length as a big-endian 32-bit number, the message {@code LogEntry{source=1,
 * time_nano=2, line=3, partial=4}} in protobuf's encoding, and the length again, so that a file can be read from its end.
 */
final class RecordEncoder extends BufferEncoder {
    private static final byte[][] SOURCES = {
        "stdin".getBytes(StandardCharsets.US_ASCII),
        "stdout".getBytes(StandardCharsets.US_ASCII),
        "stderr".getBytes(StandardCharsets.US_ASCII)
    };
    private static final long NANOS = 1_000_000_000;
    private static final int OVERHEAD = 64;

    @Override
    public void line(int stream, byte[] bytes, int offset, int length, boolean partial, Instant time) {
        ensure(length + OVERHEAD);
        int begin = size;
        size += 4;
        field(1, SOURCES[stream], 0, SOURCES[stream].length);
        buffer[size++] = 2 << 3;
        varint(time.getEpochSecond() * NANOS + time.getNano());
        field(3, bytes, offset, length);
        if (partial) {
            buffer[size++] = 4 << 3;
            buffer[size++] = 1;
        }
        int message = size - begin - 4;
        length(begin, message);
        length(size, message);
        size += 4;
    }

    private void field(int number, byte[] bytes, int offset, int length) {
        buffer[size++] = (byte) (number << 3 | 2);
        varint(length);
        System.arraycopy(bytes, offset, buffer, size, length);
        size += length;
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            buffer[size++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    private void length(int at, int value) {
        buffer[at] = (byte) (value >> 24);
        buffer[at + 1] = (byte) (value >> 16);
        buffer[at + 2] = (byte) (value >> 8);
        buffer[at + 3] = (byte) value;
    }
}
