package io.drydock.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;

/** Reads a non-blocking descriptor, waiting with a {@link Poller}: a virtual thread may block here. One reader at a time. */
public final class PolledInputStream extends InputStream {
    private final Linux linux;
    private final Poller poller;
    private final Fd fd;
    private final ByteBuffer buffer;

    /** Takes the descriptor over (it is closed with the stream) and makes it non-blocking. */
    public PolledInputStream(Linux linux, Poller poller, Fd fd, int bufferSize) throws LinuxException {
        this.linux = linux;
        this.poller = poller;
        this.fd = fd;
        this.buffer = ByteBuffer.allocateDirect(bufferSize).limit(0);
        linux.pipes().setNonBlocking(fd, true);
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int n = Math.min(length, buffer.remaining());
        buffer.get(target, offset, n);
        return n;
    }

    @Override
    public int available() {
        return buffer.remaining();
    }

    private boolean fill() throws IOException {
        while (!buffer.hasRemaining()) {
            if (fd.isClosed()) {
                throw new IOException("stream is closed");
            }
            buffer.clear();
            try {
                int n = linux.files().read(fd, buffer);
                buffer.flip();
                if (n == 0) {
                    return false;
                }
            } catch (LinuxException e) {
                buffer.limit(0);
                if (e.errno() == Errno.EIO) {
                    return false; // a terminal whose other side has hung up
                }
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
                await(poller, fd, EventCalls.IN);
            }
        }
        return true;
    }

    static void await(Poller poller, Fd fd, int events) throws IOException {
        try {
            if (poller.await(fd, events) == 0) {
                throw new IOException("stream is closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Ends a read in progress with an error. */
    @Override
    public void close() {
        poller.cancel(fd);
        fd.close();
    }
}
