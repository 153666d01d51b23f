package io.drydock.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A connection taken over from HTTP: bytes both ways. The two directions may be used by different threads. When the client
 * ends its sending side, {@link #input()} ends and the output goes on.
 */
public final class RawStream implements Closeable {
    private final Wire wire;

    RawStream(Wire wire) {
        this.wire = wire;
    }

    /** Bytes from the client, those it sent before the upgrade was answered included. */
    public InputStream input() {
        return wire.input();
    }

    private final OutputStream output = new OutputStream() {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            wire().output().write(bytes, offset, length);
        }

        /** Waits until the kernel has taken everything written. */
        @Override
        public void flush() throws IOException {
            wire().output().awaitSent();
        }
    };

    private Wire wire() {
        return wire;
    }

    /** Bytes to the client; each write goes on the wire at once and blocks while the client does not read. */
    public OutputStream output() {
        return output;
    }

    /** Ends our sending side: the client sees the end of the stream and may go on sending. */
    public void shutdownOutput() throws IOException {
        wire.shutdownOutput();
    }

    /** Cuts the connection; a blocked reader of {@link #input()} sees its end. */
    @Override
    public void close() {
        wire.close();
    }
}
