package io.drydock.docker.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** A buffered input that reads lines of ASCII and then goes on as bytes. */
final class HttpInput extends InputStream {
    private final InputStream in;
    private final byte[] buffer = new byte[16384];
    private int from;
    private int to;

    HttpInput(InputStream in) {
        this.in = in;
    }

    private boolean fill() throws IOException {
        int n = in.read(buffer, 0, buffer.length);
        from = 0;
        to = Math.max(n, 0);
        return n > 0;
    }

    @Override
    public int read() throws IOException {
        return from == to && !fill() ? -1 : buffer[from++] & 255;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (len == 0) {
            return 0;
        }
        if (from == to) {
            if (len >= buffer.length) {
                return in.read(b, off, len);
            }
            if (!fill()) {
                return -1;
            }
        }
        int n = Math.min(len, to - from);
        System.arraycopy(buffer, from, b, off, n);
        from += n;
        return n;
    }

    String line() throws IOException {
        var line = new StringBuilder(64);
        while (true) {
            int c = read();
            if (c < 0) {
                throw new EOFException("the connection ended within a line");
            }
            if (c == '\n') {
                int length = line.length();
                if (length > 0 && line.charAt(length - 1) == '\r') {
                    line.setLength(length - 1);
                }
                return line.toString();
            }
            line.append((char) c);
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
