package io.drydock.docker.engine.log;

import java.util.Arrays;

/** The growing buffer of an encoder. */
abstract class BufferEncoder implements LineEncoder {
    byte[] buffer = new byte[8192];
    int size;

    @Override
    public byte[] buffer() {
        return buffer;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void clear() {
        size = 0;
    }

    /** Makes room for so many more bytes. */
    final void ensure(int more) {
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }
}
