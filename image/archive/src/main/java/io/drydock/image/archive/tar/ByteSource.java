package io.drydock.image.archive.tar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Bytes that can also be read straight into a (direct) buffer. Reads return at least one byte, or -1 at the end. */
public interface ByteSource {
    int read(byte[] target, int offset, int length) throws IOException;

    /** Reads into the buffer's remaining space, which must not be empty. */
    int read(ByteBuffer target) throws IOException;

    /** Reads a stream; put a buffer below it if its reads are small or slow. */
    static ByteSource of(InputStream in) {
        byte[] copy = new byte[64 * 1024];
        return new ByteSource() {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return in.read(target, offset, length);
            }

            @Override
            public int read(ByteBuffer target) throws IOException {
                int count = in.read(copy, 0, Math.min(copy.length, target.remaining()));
                if (count > 0) {
                    target.put(copy, 0, count);
                }
                return count;
            }
        };
    }
}
