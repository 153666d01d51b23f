package io.drydock.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one request: set status and headers, then call one of {@link #send}, {@link #sendFile}, {@link #stream} —
 * which commits them — or nothing, for an answer without a body. Belongs to the handler's thread.
 */
public final class Response {
    private final WireOutput wire;
    private final boolean head;
    private final int minorVersion;
    private final Preamble preamble;
    private final Headers headers = new Headers();
    private int status = 200;
    private boolean committed;
    private boolean close;
    private @Nullable ResponseStream stream;
    private long bytes;
    private @Nullable Inspector inspector;

    /** Looks at a response before its first byte is sent. */
    @FunctionalInterface
    public interface Inspector {
        /**
         * @param body what there is of the body until now
         * @throws HttpException to have something else answered
         */
        void inspect(int status, Headers headers, byte[] body) throws IOException;
    }

    /** What the connection knows and the response has to say. */
    interface Preamble {
        /** Called once when the head is written; true if the connection can serve another request afterwards. */
        boolean keepAlive();

        /** The value of the Date header. */
        String date();
    }

    Response(WireOutput wire, RequestHead request, Preamble preamble) {
        this.wire = wire;
        this.head = request.method().equals("HEAD");
        this.minorVersion = request.minorVersion();
        this.preamble = preamble;
    }

    /** Sets the status, 200–599. Returns this. */
    public Response status(int code) {
        if (committed) {
            throw new IllegalStateException("the response is already on its way");
        }
        this.status = code;
        return this;
    }

    /** Has somebody look at the response before its first byte is sent; once. */
    public void inspectedBy(Inspector other) {
        inspector = other;
    }

    void inspect(int seen, Headers sent, byte[] body) throws IOException {
        var once = inspector;
        inspector = null;
        if (once != null) {
            once.inspect(seen, sent, body);
        }
    }

    /** The status set last. */
    public int status() {
        return status;
    }

    /** Replaces a header field. Returns this. */
    public Response header(String name, String value) {
        headers.set(name, value);
        return this;
    }

    /** The header fields; changes after the commit have no effect. */
    public Headers headers() {
        return headers;
    }

    /** Whether the head has been sent (status and headers cannot be changed any more). */
    public boolean committed() {
        return committed;
    }

    /** Bytes of body handed to the wire so far, without framing. */
    public long bytesSent() {
        return bytes;
    }

    /** Ends the connection after this response. */
    public void closeConnection() {
        close = true;
    }

    /** Sends a complete body; {@code Content-Length} is set from it. For HEAD only the headers go out. */
    public void send(byte[] body) throws IOException {
        inspect(status, headers, body);
        stream = null; // what was written and is not on its way is forgotten
        if (bodyAllowed()) {
            headers.set("Content-Length", Integer.toString(body.length));
        }
        byte[] top = commit();
        if (head || !bodyAllowed() || body.length == 0) {
            wire.send(top);
            return;
        }
        bytes = body.length;
        if (body.length > 64 * 1024) {
            wire.send(top);
            wire.write(body, 0, body.length);
        } else {
            byte[] all = new byte[top.length + body.length];
            System.arraycopy(top, 0, all, 0, top.length);
            System.arraycopy(body, 0, all, top.length, body.length);
            wire.send(all);
        }
    }

    /** Sends a complete body of the given type. */
    public void send(String contentType, byte[] body) throws IOException {
        header("Content-Type", contentType).send(body);
    }

    /** Sends a UTF-8 text of the given type. */
    public void send(String contentType, String text) throws IOException {
        send(contentType, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends {@code count} bytes of a file from {@code position} (sendfile; copied under TLS); {@code Content-Length} is set.
     * Returns when the kernel has them; the file stays open. For HEAD only the headers go out.
     */
    public void sendFile(FileChannel file, long position, long count) throws IOException {
        inspect(status, headers, new byte[0]);
        headers.set("Content-Length", Long.toString(count));
        wire.send(commit());
        if (!head && count > 0) {
            wire.sendFile(file, position, count);
            bytes = count;
        }
    }

    /**
     * A body written piece by piece. With a {@code Content-Length} header set it must have that length, otherwise it is
     * chunked (HTTP/1.0: ended by closing). Small writes are gathered; {@link OutputStream#flush} puts everything written on
     * the wire at once, the headers too. Blocks while the client does not read. Closing it ends the body; returning from the
     * handler does, too, while throwing from it cuts the connection so that the client sees a broken body.
     */
    public OutputStream stream() {
        if (stream == null) {
            if (committed) {
                throw new IllegalStateException("the response is already on its way");
            }
            stream = new ResponseStream(this, wire);
        }
        return stream;
    }

    /** Ends the response: what was streamed is sent, or an empty body if nothing was. The server does so, too. */
    public void finish() throws IOException {
        if (stream != null) {
            stream.close();
        } else if (!committed) {
            send(new byte[0]);
        }
    }

    /** Whether the connection has to be closed after this response. */
    boolean closes() {
        return close;
    }

    boolean bodyAllowed() {
        return status >= 200 && status != 204 && status != 304;
    }

    boolean bodySuppressed() {
        return head || !bodyAllowed();
    }

    /** Whether a body of unknown length can be sent in chunks. */
    boolean canChunk() {
        return minorVersion >= 1;
    }

    void countBytes(long count) {
        bytes += count;
    }

    /** The head's bytes; from here on it counts as sent. */
    byte[] commit() {
        if (committed) {
            throw new IllegalStateException("the response is already on its way");
        }
        committed = true;
        if (!preamble.keepAlive() || headers.hasToken("Connection", "close")) {
            close = true;
        }
        if (wire.delimits()) {
            close = false; // the connection has other requests
        } else if (close) {
            headers.set("Connection", "close");
        } else if (minorVersion == 0) {
            headers.set("Connection", "keep-alive");
        }
        if (!headers.has("Date")) {
            headers.add("Date", preamble.date());
        }
        return wire.head(status, headers);
    }

    /** Marks the response as replaced by an upgrade. */
    void upgraded() {
        if (committed) {
            throw new IllegalStateException("the response is already on its way");
        }
        committed = true;
        close = true;
    }

    static byte[] serialize(int status, String reason, Headers headers) {
        StringBuilder text = new StringBuilder(512);
        text.append("HTTP/1.1 ").append(status).append(' ').append(reason).append("\r\n");
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
        text.append("\r\n");
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
