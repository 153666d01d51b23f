package io.drydock.rpc;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Reads and writes frames on a socket. One thread reads; any number write, a frame at a time. */
final class FrameChannel implements AutoCloseable {
    private static final int BUFFER = 32 << 10;

    private final SocketChannel socket;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER).flip();
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
    private final ReentrantLock writing = new ReentrantLock();

    FrameChannel(SocketChannel socket) {
        this.socket = socket;
    }

    /** The next frame, or null when the peer closed between two frames. */
    @Nullable
    Frame read() throws IOException {
        if (!fill(Frame.HEADER)) {
            return null;
        }
        int length = in.getInt();
        int stream = in.getInt();
        int kind = in.get();
        int flags = in.get();
        if (length < 0 || length > Frame.MAX_PAYLOAD) {
            skip(Integer.toUnsignedLong(length));
            return new Frame(stream, kind, flags, new byte[0], true);
        }
        byte[] payload = new byte[length];
        readFully(payload);
        return new Frame(stream, kind, flags, payload, false);
    }

    /**
     * Writes one frame.
     *
     * @throws RpcException {@link StatusCode#RESOURCE_EXHAUSTED} if the payload is larger than a frame may be
     */
    void write(Frame frame) throws IOException {
        writing.lock();
        try {
            writeLocked(frame);
        } finally {
            writing.unlock();
        }
    }

    /** The lock that orders frames, for a caller who must choose a stream id and send it in one step. */
    ReentrantLock writeLock() {
        return writing;
    }

    void writeLocked(Frame frame) throws IOException {
        byte[] payload = frame.payload();
        if (payload.length > Frame.MAX_PAYLOAD) {
            throw new RpcException(StatusCode.RESOURCE_EXHAUSTED, tooLarge(payload.length));
        }
        out.clear();
        out.putInt(payload.length)
                .putInt(frame.stream())
                .put((byte) frame.kind())
                .put((byte) frame.flags());
        int offset = 0;
        do {
            int chunk = Math.min(out.remaining(), payload.length - offset);
            out.put(payload, offset, chunk).flip();
            offset += chunk;
            while (out.hasRemaining()) {
                socket.write(out);
            }
            out.clear();
        } while (offset < payload.length);
    }

    static String tooLarge(int length) {
        return "message length " + length + " exceed maximum message size of " + Frame.MAX_PAYLOAD;
    }

    /** Makes at least {@code bytes} readable in the buffer; false if the peer closed before the first of them. */
    private boolean fill(int bytes) throws IOException {
        while (in.remaining() < bytes) {
            in.compact();
            int read = socket.read(in);
            in.flip();
            if (read < 0) {
                if (in.hasRemaining()) {
                    throw new EOFException("connection closed inside a frame");
                }
                return false;
            }
        }
        return true;
    }

    private void readFully(byte[] payload) throws IOException {
        int buffered = Math.min(in.remaining(), payload.length);
        in.get(payload, 0, buffered);
        ByteBuffer rest = ByteBuffer.wrap(payload, buffered, payload.length - buffered);
        while (rest.hasRemaining()) {
            if (rest.remaining() < in.capacity()) {
                if (!fill(rest.remaining())) {
                    throw new EOFException("connection closed inside a frame");
                }
                in.get(payload, rest.position(), rest.remaining());
                return;
            }
            if (socket.read(rest) < 0) {
                throw new EOFException("connection closed inside a frame");
            }
        }
    }

    private void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            if (!in.hasRemaining() && !fill(1)) {
                throw new EOFException("connection closed inside a frame");
            }
            int step = (int) Math.min(left, in.remaining());
            in.position(in.position() + step);
            left -= step;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // The descriptor is released either way, and nobody is left to tell.
        }
    }
}
