package io.drydock.docker.engine.plugin;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * An answer of HTTP/1.1, read as a whole.
 *
 * @param status its code
 * @param body without the transfer coding
 */
record HttpAnswer(int status, byte[] body) {
    private static final int MAX_LINE = 64 << 10;
    private static final int MAX_BODY = 64 << 20;

    static HttpAnswer read(InputStream in) throws IOException {
        String[] first = line(in).split(" ", 3);
        if (first.length < 2 || !first[0].startsWith("HTTP/1.")) {
            throw new IOException("malformed HTTP response \"" + String.join(" ", first) + "\"");
        }
        long length = -1;
        boolean chunked = false;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(colon, 0)).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            if (name.equals("content-length")) {
                length = number(value, 10);
            }
            chunked |= name.equals("transfer-encoding") && value.equalsIgnoreCase("chunked");
        }
        if (!chunked && length > MAX_BODY) {
            throw new IOException("the answer is too long");
        }
        byte[] body = chunked ? chunks(in) : in.readNBytes((int) (length < 0 ? MAX_BODY : length));
        if (!chunked && length > body.length) {
            throw new EOFException("unexpected EOF");
        }
        return new HttpAnswer((int) number(first[1], 10), body);
    }

    private static byte[] chunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            long size = number(line(in).split(";", 2)[0].strip(), 16);
            if (size == 0) {
                return body.toByteArray();
            }
            if (size > MAX_BODY - body.size()) {
                throw new IOException("the answer is too long");
            }
            byte[] chunk = in.readNBytes((int) size);
            if (chunk.length < size) {
                throw new EOFException("unexpected EOF");
            }
            body.write(chunk);
            line(in);
        }
    }

    private static long number(String text, int radix) throws IOException {
        try {
            long number = Long.parseLong(text, radix);
            if (number < 0) {
                throw new NumberFormatException("negative");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new IOException("malformed HTTP response: \"" + text + "\" is no number", e);
        }
    }

    private static String line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > MAX_LINE) {
                throw new EOFException("unexpected EOF");
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
