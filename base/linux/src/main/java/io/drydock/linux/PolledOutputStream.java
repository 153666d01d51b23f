package io.drydock.linux;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Writes a non-blocking descriptor, waiting with a {@link Poller}; not buffered. One writer at a time. */
public final class PolledOutputStream extends OutputStream {
    private final Linux linux;
    private final Poller poller;
    private final Fd fd;

    /** Takes the descriptor over (it is closed with the stream) and makes it non-blocking. */
    public PolledOutputStream(Linux linux, Poller poller, Fd fd) throws LinuxException {
        this.linux = linux;
        this.poller = poller;
        this.fd = fd;
        linux.pipes().setNonBlocking(fd, true);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(source, offset, length);
        while (bytes.hasRemaining()) {
            if (fd.isClosed()) {
                throw new IOException("stream is closed");
            }
            try {
                linux.files().write(fd, bytes);
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw e;
                }
                PolledInputStream.await(poller, fd, EventCalls.OUT);
            }
        }
    }

    /** Ends a write in progress with an error. */
    @Override
    public void close() {
        poller.cancel(fd);
        fd.close();
    }
}
