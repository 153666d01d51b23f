package io.drydock.docker.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of an answer: of a known length, in chunks, or up to the end of the connection. */
final class BodyStream extends InputStream {
    private final HttpInput in;
    private final boolean chunked;
    private long left;
    private boolean ended;

    /** {@code length} is -1 for all up to the end; it does not matter if {@code chunked}. */
    BodyStream(HttpInput in, boolean chunked, long length) {
        this.in = in;
        this.chunked = chunked;
        this.left = chunked ? 0 : length;
        this.ended = !chunked && length == 0;
    }

    /** Whether all of it was read, so that the connection can serve again. */
    boolean ended() {
        return ended;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (ended) {
            return -1;
        }
        if (chunked && left == 0) {
            nextChunk();
            if (ended) {
                return -1;
            }
        }
        int n = in.read(b, off, left < 0 ? len : (int) Math.min(len, left));
        if (n < 0) {
            if (left > 0) {
                throw new EOFException("unexpected EOF");
            }
            ended = true;
            return -1;
        }
        if (left > 0) {
            left -= n;
            if (left == 0) {
                if (chunked) {
                    in.line();
                } else {
                    ended = true;
                }
            }
        }
        return n;
    }

    private void nextChunk() throws IOException {
        String size = in.line();
        int semicolon = size.indexOf(';');
        left = Long.parseLong((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
        if (left == 0) {
            while (!in.line().isEmpty()) {
                continue;
            }
            ended = true;
        }
    }
}
