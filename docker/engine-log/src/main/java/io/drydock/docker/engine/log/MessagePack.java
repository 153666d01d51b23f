package io.drydock.docker.engine.log;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The part of MessagePack's format that Fluentd's forward protocol needs. */
final class MessagePack {
    private static final int FIX = 16;
    private static final int FIX_TEXT = 32;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(256);

    void array(int size) {
        out.write(0x90 | size); // at most 15
    }

    void map(int size) {
        if (size < FIX) {
            out.write(0x80 | size);
        } else {
            out.write(0xde);
            put(size, 2);
        }
    }

    void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < FIX_TEXT) {
            out.write(0xa0 | bytes.length);
        } else if (bytes.length < 1 << 8) {
            out.write(0xd9);
            put(bytes.length, 1);
        } else if (bytes.length < 1 << 16) {
            out.write(0xda);
            put(bytes.length, 2);
        } else {
            out.write(0xdb);
            put(bytes.length, 4);
        }
        out.writeBytes(bytes);
    }

    void number(long value) {
        out.write(0xd3);
        put(value, 8);
    }

    /** Fluentd's EventTime: extension 0 with seconds and nanoseconds. */
    void time(Instant time) {
        out.write(0xd7);
        out.write(0);
        put(time.getEpochSecond(), 4);
        put(time.getNano(), 4);
    }

    private void put(long value, int size) {
        out.write(ByteBuffer.allocate(8).putLong(value).array(), 8 - size, size);
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
