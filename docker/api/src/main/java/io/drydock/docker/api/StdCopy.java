package io.drydock.docker.api;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Two streams in one connection: each piece behind an 8-byte header {@code [stream, 0, 0, 0, length as big-endian 32 bit]}.
 * A terminal's output goes without headers. Used by one thread at a time.
 */
final class StdCopy {

    private static final int HEADER = 8;

    private final OutputStream out;
    private final boolean raw;

    StdCopy(OutputStream out, boolean raw) {
        this.out = out;
        this.raw = raw;
    }

    void write(int stream, byte[] bytes, int length) throws IOException {
        if (raw) {
            out.write(bytes, 0, length);
            return;
        }
        byte[] frame = new byte[HEADER + length];
        frame[0] = (byte) stream;
        frame[4] = (byte) (length >> 24);
        frame[5] = (byte) (length >> 16);
        frame[6] = (byte) (length >> 8);
        frame[7] = (byte) length;
        System.arraycopy(bytes, 0, frame, HEADER, length);
        out.write(frame, 0, frame.length);
    }
}
