package io.drydock.docker.engine.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes lines as Docker's json-file driver does, byte for byte, into a growing buffer. */
final class JsonLineEncoder extends BufferEncoder {
    private static final byte[] BEGIN = ascii("{\"log\":\"");
    private static final byte[] STDOUT = ascii("\",\"stream\":\"stdout\"");
    private static final byte[] STDERR = ascii("\",\"stream\":\"stderr\"");
    private static final byte[] TIME = ascii(",\"time\":\"");
    private static final byte[] END = ascii("\"}\n");
    private static final byte[] HEX = ascii("0123456789abcdef");

    private final byte[] attributes;
    private long lastSecond = Long.MIN_VALUE;
    private byte[] secondText = {};

    /**
     * @param attributes the JSON object that belongs into each line; empty for none
     */
    JsonLineEncoder(String attributes) {
        this.attributes =
                attributes.isEmpty() ? new byte[0] : (",\"attrs\":" + attributes).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void line(int stream, byte[] bytes, int offset, int length, boolean partial, Instant time) {
        put(BEGIN);
        text(bytes, offset, offset + length);
        if (!partial) {
            put((byte) '\\', (byte) 'n');
        }
        put(stream == 2 ? STDERR : STDOUT);
        put(attributes);
        put(TIME);
        time(time);
        put(END);
    }

    private void text(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to) {
            int start = i;
            while (i < to && plain(bytes[i])) {
                i++;
            }
            put(bytes, start, i - start);
            if (i < to) {
                i += bytes[i] >= 0 ? escape(bytes[i]) : multibyte(bytes, i, to);
            }
        }
    }

    private static boolean plain(byte b) {
        return b >= 0x20 && b != '"' && b != '\\' && b != '<' && b != '>' && b != '&';
    }

    private int escape(byte b) {
        switch (b) {
            case '"', '\\' -> put((byte) '\\', b);
            case '\n' -> put((byte) '\\', (byte) 'n');
            case '\r' -> put((byte) '\\', (byte) 'r');
            default -> unicode(b);
        }
        return 1;
    }

    private int multibyte(byte[] bytes, int i, int to) {
        int length = Utf8.sequence(bytes, i, to);
        if (length == 0) {
            unicode(0xfffd);
            return 1;
        }
        if (length == 3 && bytes[i] == (byte) 0xe2 && bytes[i + 1] == (byte) 0x80 && (bytes[i + 2] & 0xfe) == 0xa8) {
            unicode(0x2028 + (bytes[i + 2] & 1));
        } else {
            put(bytes, i, length);
        }
        return length;
    }

    private void unicode(int c) {
        put((byte) '\\', (byte) 'u');
        put(HEX[c >> 12 & 15], HEX[c >> 8 & 15]);
        put(HEX[c >> 4 & 15], HEX[c & 15]);
    }

    /** RFC 3339 in UTC with the nanoseconds' trailing zeros left out. */
    private void time(Instant time) {
        if (time.getEpochSecond() != lastSecond) {
            lastSecond = time.getEpochSecond();
            String text = Instant.ofEpochSecond(lastSecond).toString();
            secondText = ascii(text.substring(0, text.length() - 1));
        }
        put(secondText);
        int nanos = time.getNano();
        if (nanos != 0) {
            ensure(10);
            buffer[size++] = '.';
            for (int digit = 100_000_000; nanos > 0; digit /= 10) {
                buffer[size++] = (byte) ('0' + nanos / digit);
                nanos %= digit;
            }
        }
        ensure(1);
        buffer[size++] = 'Z';
    }

    private void put(byte[] bytes) {
        put(bytes, 0, bytes.length);
    }

    private void put(byte[] bytes, int offset, int length) {
        ensure(length);
        System.arraycopy(bytes, offset, buffer, size, length);
        size += length;
    }

    private void put(byte a, byte b) {
        ensure(2);
        buffer[size++] = a;
        buffer[size++] = b;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
