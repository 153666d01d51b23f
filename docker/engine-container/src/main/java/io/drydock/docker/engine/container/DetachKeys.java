package io.drydock.docker.engine.container;

import io.drydock.spec.engine.EngineException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;

/** The bytes a client types, up to the keys by which it leaves. Bytes that begin the keys are held back until they prove not to. */
final class DetachKeys extends FilterInputStream {
    private static final byte[] DEFAULT = {16, 17};

    private final byte[] keys;
    private final ArrayDeque<Byte> released = new ArrayDeque<>();
    private int matched;
    private boolean detached;

    DetachKeys(InputStream in, byte[] keys) {
        super(in);
        this.keys = keys;
    }

    /** Reads {@code ctrl-p,ctrl-q}; empty for the default. */
    static byte[] parse(String text) {
        if (text.isEmpty()) {
            return DEFAULT;
        }
        String[] names = text.split(",");
        byte[] keys = new byte[names.length];
        for (int i = 0; i < names.length; i++) {
            keys[i] = key(names[i], text);
        }
        return keys;
    }

    private static byte key(String name, String all) {
        if (name.length() == 1) {
            return (byte) name.charAt(0);
        }
        if (name.length() == 6 && name.startsWith("ctrl-")) {
            char c = name.charAt(5);
            if (c >= 'a' && c <= 'z') {
                return (byte) (c - 'a' + 1);
            }
            int other = "@[\\]^_".indexOf(c);
            if (other >= 0) {
                return (byte) (other == 0 ? 0 : 26 + other);
            }
        }
        throw EngineException.invalid("Invalid detach keys (" + all + ") provided");
    }

    /** Whether the client has typed the keys: the end of the stream was one. */
    boolean detached() {
        return detached;
    }

    @Override
    public int read() throws IOException {
        while (true) {
            if (!released.isEmpty()) {
                return released.removeFirst() & 0xff;
            }
            if (detached) {
                return -1;
            }
            int b = in.read();
            if (b < 0) {
                release();
                if (released.isEmpty()) {
                    return -1;
                }
                continue;
            }
            if ((byte) b == keys[matched]) {
                matched++;
                if (matched == keys.length) {
                    detached = true;
                    return -1;
                }
                continue;
            }
            release();
            released.add((byte) b);
        }
    }

    private void release() {
        for (int i = 0; i < matched; i++) {
            released.add(keys[i]);
        }
        matched = 0;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int first = read();
        if (first < 0) {
            return -1;
        }
        target[offset] = (byte) first;
        int count = 1;
        while (count < length && (!released.isEmpty() || in.available() > 0)) {
            int next = read();
            if (next < 0) {
                break;
            }
            target[offset + count++] = (byte) next;
        }
        return count;
    }
}
