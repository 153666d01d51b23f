package io.drydock.docker.engine.log;

import java.time.Instant;
import java.util.Arrays;

/**
 * Cuts the bytes of one stream into lines. What follows the last newline is carried over to the next call; a line longer than
 * 16 KiB is passed on in parts.
 */
public final class LineSplitter {
    static final int LIMIT = 16 * 1024;

    private final int stream;
    private final ContainerLog log;
    private byte[] carry = new byte[0];

    /**
     * @param stream 1 for stdout, 2 for stderr
     */
    public LineSplitter(int stream, ContainerLog log) {
        this.stream = stream;
        this.log = log;
    }

    /** Appends the complete lines to the log's buffer. */
    public void write(byte[] bytes, int length, Instant time) {
        byte[] all = bytes;
        int end = length;
        if (carry.length > 0) {
            all = Arrays.copyOf(carry, carry.length + length);
            System.arraycopy(bytes, 0, all, carry.length, length);
            end = all.length;
        }
        int start = 0;
        for (int i = start; i < end; i++) {
            if (all[i] == '\n') {
                log.append(stream, all, start, i - start, false, time);
                start = i + 1;
            } else if (i - start == LIMIT - 1) {
                log.append(stream, all, start, LIMIT, true, time);
                start = i + 1;
            }
        }
        carry = start == end ? EMPTY : Arrays.copyOfRange(all, start, end);
    }

    private static final byte[] EMPTY = {};

    /** The bytes of the unfinished line. */
    public byte[] carry() {
        return carry;
    }

    /** Appends the unfinished line, if there is one: the stream has ended. It stays without a newline, as it was written. */
    public void finish(Instant time) {
        if (carry.length > 0) {
            log.append(stream, carry, 0, carry.length, true, time);
            carry = EMPTY;
        }
    }
}
