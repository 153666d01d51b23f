package io.drydock.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The body of one request, read from the wire up to its end and no further. */
final class RequestBody extends InputStream {
    private static final int CHUNK_LINE = 4096;
    private static final int TRAILER = 64 * 1024;

    /** Tells the client that waits for it ({@code Expect: 100-continue}) to send the body. */
    interface ContinueSignal {
        void sendContinue() throws IOException;
    }

    private final WireInput wire;
    private final ContinueSignal signal;
    private final long announced;
    private long left;
    private boolean ended;
    private boolean started;
    /** Whether the stream's end is the body's. */
    private boolean delimited;

    private RequestBody(WireInput wire, long announced, ContinueSignal signal) {
        this.wire = wire;
        this.announced = announced;
        this.left = Math.max(announced, 0);
        this.ended = announced == 0;
        this.signal = signal;
    }

    static RequestBody ofLength(WireInput wire, long length, ContinueSignal signal) {
        return new RequestBody(wire, length, signal);
    }

    static RequestBody chunked(WireInput wire, ContinueSignal signal) {
        return new RequestBody(wire, -1, signal);
    }

    /** A body that ends with its stream. {@code announced} is -1 if its length is not known. */
    static RequestBody ofStream(WireInput wire, long announced, ContinueSignal signal) {
        RequestBody body = new RequestBody(wire, announced, signal);
        body.delimited = true;
        body.ended = false;
        return body;
    }

    /** Bytes announced; -1 if it is not known. */
    long announcedLength() {
        return announced;
    }

    /** Whether every byte was read. */
    boolean ended() {
        return ended;
    }

    /** Whether reading began, so a client that expected 100-continue has been told to send. */
    boolean started() {
        return started;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (ended) {
            return -1;
        }
        if (length == 0) {
            return 0;
        }
        if (!started) {
            started = true;
            signal.sendContinue();
        }
        if (delimited) {
            return readDelimited(target, offset, length);
        }
        if (left == 0) {
            left = nextChunk();
            if (left == 0) {
                ended = true;
                return -1;
            }
        }
        int count = wire.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("unexpected EOF");
        }
        left -= count;
        if (left == 0) {
            if (announced < 0) {
                endOfChunk();
            } else {
                ended = true;
            }
        }
        return count;
    }

    private int readDelimited(byte[] target, int offset, int length) throws IOException {
        int count = wire.read(target, offset, length);
        left -= Math.max(count, 0);
        if (announced >= 0 && (left < 0 || count < 0 && left > 0)) {
            throw new EOFException("unexpected EOF");
        }
        ended = count < 0;
        return count;
    }

    @Override
    public int available() {
        if (delimited) {
            return wire.available();
        }
        return (int) Math.min(left, wire.available());
    }

    private void endOfChunk() throws IOException {
        String line = wire.line(CHUNK_LINE, 400);
        if (line == null) {
            throw new EOFException("unexpected EOF");
        }
        if (!line.isEmpty()) {
            throw new HttpException(400, "malformed chunked encoding");
        }
    }

    /** Reads a chunk's size line; for the last chunk also the trailer, which is dropped. */
    private long nextChunk() throws IOException {
        String line = wire.line(CHUNK_LINE, 400);
        if (line == null) {
            throw new EOFException("unexpected EOF");
        }
        int semicolon = line.indexOf(';');
        String digits = (semicolon < 0 ? line : line.substring(0, semicolon)).strip();
        if (digits.isEmpty() || digits.length() > 15) {
            throw new HttpException(400, "malformed chunked encoding");
        }
        long size = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Character.digit(digits.charAt(i), 16);
            if (digit < 0) {
                throw new HttpException(400, "malformed chunked encoding");
            }
            size = size << 4 | digit;
        }
        if (size == 0) {
            dropTrailer();
        }
        return size;
    }

    private void dropTrailer() throws IOException {
        int budget = TRAILER;
        while (true) {
            String line = wire.line(budget, 431);
            if (line == null) {
                throw new EOFException("unexpected EOF");
            }
            if (line.isEmpty()) {
                return;
            }
            budget -= line.length();
        }
    }

    /** Reads and forgets up to {@code limit} bytes; true if the body ended within them. */
    boolean drain(int limit) throws IOException {
        byte[] scratch = new byte[8192];
        while (!ended && limit > 0) {
            int count = read(scratch, 0, Math.min(scratch.length, limit));
            limit -= Math.max(count, 0);
        }
        return ended;
    }
}
