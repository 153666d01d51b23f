package io.drydock.docker.cli.container;

import io.drydock.docker.cli.session.CliException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard input that ends when the detach keys are typed. Keys that turn out to begin no sequence are passed on.
 */
final class DetachKeys extends InputStream {
    private final InputStream in;
    private final byte[] keys;
    private int matched;
    private boolean detached;

    DetachKeys(InputStream in, byte[] keys) {
        this.in = in;
        this.keys = keys;
    }

    boolean detached() {
        return detached;
    }

    /** Reads {@code ctrl-p,ctrl-q} or single characters between commas. */
    static byte[] parse(@Nullable String text) throws CliException {
        String spec = text == null || text.isEmpty() ? "ctrl-p,ctrl-q" : text;
        String[] parts = spec.split(",");
        byte[] keys = new byte[parts.length];
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (part.length() == 1) {
                keys[i] = (byte) part.charAt(0);
            } else if (part.startsWith("ctrl-") && part.length() == 6) {
                char c = part.charAt(5);
                int code = c >= 'a' && c <= 'z' ? c - 'a' + 1 : "@[\\]^_".indexOf(c) < 0 ? -1 : c - '@';
                if (code < 0) {
                    throw new CliException("invalid detach keys (" + spec + "): Unknown character: '" + part + "'");
                }
                keys[i] = (byte) code;
            } else {
                throw new CliException("invalid detach keys (" + spec + "): Unknown character: '" + part + "'");
            }
        }
        return keys;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
    }

    @Override
    public int read(byte[] b, int off, int len) throws IOException {
        if (detached) {
            return -1;
        }
        while (true) {
            byte[] typed = new byte[Math.max(1, len - keys.length)];
            int n = in.read(typed, 0, typed.length);
            if (n < 0) {
                return -1;
            }
            int out = 0;
            for (int i = 0; i < n; i++) {
                if (typed[i] == keys[matched]) {
                    matched++;
                    if (matched == keys.length) {
                        detached = true;
                        return out == 0 ? -1 : out;
                    }
                    continue;
                }
                for (int k = 0; k < matched; k++) {
                    b[off + out++] = keys[k];
                }
                matched = typed[i] == keys[0] ? 1 : 0;
                if (matched == 0) {
                    b[off + out++] = typed[i];
                }
            }
            if (out > 0) {
                return out;
            }
        }
    }
}
