package io.drydock.docker.cli.container;

import io.drydock.docker.cli.session.CliException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Output of a container: raw from a terminal, else in frames of {@code [stream, 0, 0, 0, length (4, big endian)]}. */
final class Frames {
    private Frames() {}

    /** Copies up to the end of the input. */
    static void copyRaw(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[32768];
        for (int n = in.read(buffer, 0, buffer.length); n >= 0; n = in.read(buffer, 0, buffer.length)) {
            out.write(buffer, 0, n);
            out.flush();
        }
    }

    /** Takes the frames apart; flushes when the input pauses. */
    static void copy(InputStream in, OutputStream out, OutputStream err) throws IOException, CliException {
        byte[] buffer = new byte[32768];
        int have = 0;
        while (true) {
            int n = in.read(buffer, have, buffer.length - have);
            if (n < 0) {
                if (have > 0) {
                    throw new EOFException("unexpected EOF");
                }
                return;
            }
            have += n;
            int used = 0;
            while (have - used >= 8) {
                int length = (buffer[used + 4] & 255) << 24
                        | (buffer[used + 5] & 255) << 16
                        | (buffer[used + 6] & 255) << 8
                        | buffer[used + 7] & 255;
                int stream = buffer[used];
                if (have - used - 8 < length) {
                    if (length + 8 > buffer.length) {
                        // larger than the buffer: what is here goes out, the rest is copied through
                        OutputStream to = target(stream, out, err);
                        int here = have - used - 8;
                        to.write(buffer, used + 8, here);
                        rest(in, to, buffer, length - here);
                        used = have;
                    }
                    break;
                }
                if (stream == 3) {
                    throw new CliException("error from daemon in stream: "
                            + new String(buffer, used + 8, length, java.nio.charset.StandardCharsets.UTF_8));
                }
                target(stream, out, err).write(buffer, used + 8, length);
                used += 8 + length;
            }
            System.arraycopy(buffer, used, buffer, 0, have - used);
            have -= used;
            out.flush();
            err.flush();
        }
    }

    private static OutputStream target(int stream, OutputStream out, OutputStream err) throws CliException {
        return switch (stream) {
            case 0, 1 -> out;
            case 2 -> err;
            default -> throw new CliException("unrecognized stream: " + stream);
        };
    }

    private static void rest(InputStream in, OutputStream to, byte[] buffer, int length) throws IOException {
        int left = length;
        while (left > 0) {
            int n = in.read(buffer, 0, Math.min(left, buffer.length));
            if (n < 0) {
                throw new EOFException("unexpected EOF");
            }
            to.write(buffer, 0, n);
            left -= n;
        }
    }
}
