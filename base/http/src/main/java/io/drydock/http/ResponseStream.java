package io.drydock.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A response body of a known length, in chunks, or ended by closing the connection. */
final class ResponseStream extends OutputStream {
    private static final int BUFFER = 32 * 1024;
    private static final byte[] NOTHING = {};

    private enum Framing {
        LENGTH,
        CHUNKED,
        UNTIL_CLOSE,
        DELIMITED,
        NONE
    }

    private final Response response;
    private final WireOutput wire;
    private byte[] buffer = NOTHING;
    private int filled;
    private @Nullable Framing framing;
    private long declared;
    private boolean closed;

    ResponseStream(Response response, WireOutput wire) {
        this.response = response;
        this.wire = wire;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the response has ended");
        }
        while (length > 0) {
            if (filled == buffer.length) {
                makeRoom(length);
            }
            int count = Math.min(length, buffer.length - filled);
            System.arraycopy(bytes, offset, buffer, filled, count);
            filled += count;
            offset += count;
            length -= count;
        }
    }

    private void makeRoom(int wanted) throws IOException {
        if (filled == BUFFER) {
            emit(false);
        }
        int size = Math.min(BUFFER, Math.max(wanted + filled, Math.max(512, buffer.length * 2)));
        if (size > buffer.length) {
            buffer = Arrays.copyOf(buffer, size);
        }
    }

    @Override
    public void flush() throws IOException {
        if (!closed && (filled > 0 || !response.committed())) {
            emit(false);
        }
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        if (!response.committed() && !response.headers().has("Content-Length") && response.bodyAllowed()) {
            response.headers().set("Content-Length", Integer.toString(filled));
        }
        emit(true);
        closed = true;
        if (framing == Framing.LENGTH && declared != 0) {
            response.closeConnection();
            throw new IOException("the response ended " + declared + " bytes short of its Content-Length");
        }
    }

    /** Sends what is in the buffer, the head before it if it was not sent, the end mark behind it if it is the end. */
    private void emit(boolean last) throws IOException {
        byte[] top = NOTHING;
        if (framing == null) {
            response.inspect(response.status(), response.headers(), Arrays.copyOf(buffer, filled));
            framing = chooseFraming();
            top = response.commit();
        }
        if (framing == Framing.LENGTH && filled > declared) {
            response.closeConnection();
            throw new IOException("the response is longer than its Content-Length");
        }
        int body = framing == Framing.NONE ? 0 : filled;
        declared -= body;
        byte[] before = NOTHING;
        byte[] after = NOTHING;
        if (framing == Framing.CHUNKED) {
            String end = (body > 0 ? "\r\n" : "") + (last ? "0\r\n\r\n" : "");
            after = end.getBytes(StandardCharsets.US_ASCII);
            if (body > 0) {
                before = (Integer.toHexString(body) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            }
        }
        byte[] piece = new byte[top.length + before.length + body + after.length];
        System.arraycopy(top, 0, piece, 0, top.length);
        System.arraycopy(before, 0, piece, top.length, before.length);
        System.arraycopy(buffer, 0, piece, top.length + before.length, body);
        System.arraycopy(after, 0, piece, piece.length - after.length, after.length);
        filled = 0;
        response.countBytes(body);
        if (piece.length > 0) {
            wire.send(piece);
        }
    }

    private Framing chooseFraming() {
        if (response.bodySuppressed()) {
            return Framing.NONE;
        }
        String length = response.headers().get("Content-Length");
        if (length != null) {
            declared = Long.parseLong(length);
            return Framing.LENGTH;
        }
        if (wire.delimits()) {
            return Framing.DELIMITED;
        }
        if (response.canChunk()) {
            response.headers().set("Transfer-Encoding", "chunked");
            return Framing.CHUNKED;
        }
        response.closeConnection();
        return Framing.UNTIL_CLOSE;
    }
}
