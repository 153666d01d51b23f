package io.drydock.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Bytes to the socket, written by one handler thread. At most {@link #HIGH} bytes are on their way; beyond that the writer
 * waits for the peer to read.
 */
class WireOutput {
    private static final int HIGH = 512 * 1024;
    private static final long RETRY_NANOS = 1_000_000;
    private static final int PIECE = 128 * 1024;

    private final Channel channel;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long pending;
    private @Nullable Throwable failure;

    WireOutput(Channel channel) {
        this.channel = channel;
    }

    /** The head of a response as bytes to send before its body; none if it is on its way already. */
    byte[] head(int status, Headers headers) {
        return Response.serialize(status, Reasons.phrase(status), headers);
    }

    /** Whether the connection itself says where a response ends. */
    boolean delimits() {
        return false;
    }

    /** Whether a file's pages can go to the socket as they are. */
    boolean canSendFiles() {
        return channel.pipeline().get(SslHandler.class) == null;
    }

    /** What is written to the channel to send bytes. */
    Object message(byte[] bytes) {
        return Unpooled.wrappedBuffer(bytes);
    }

    /** Sends a copy of the bytes; blocks while too much is under way. */
    void write(byte[] bytes, int offset, int length) throws IOException {
        while (length > 0) {
            int count = Math.min(length, PIECE);
            byte[] copy = new byte[count];
            System.arraycopy(bytes, offset, copy, 0, count);
            send(copy);
            offset += count;
            length -= count;
        }
    }

    /** Sends the array itself, which the caller must not touch again. */
    void send(byte[] bytes) throws IOException {
        if (channel instanceof UnixChannel unix
                && ((DuplexChannel) channel).isInputShutdown()
                && channel.pipeline().get(SslHandler.class) == null) {
            sendHalfClosed(unix, bytes);
            return;
        }
        claim(bytes.length);
        channel.writeAndFlush(message(bytes)).addListener(future -> settle(bytes.length, future));
    }

    /**
     * Sends to a peer that has ended its own side. Netty 4.2.18 takes such a channel out of its epoll set and cannot put it back
     * when a write has to wait: that write fails. So the bytes are written here, trying again while the peer does not read.
     */
    private void sendHalfClosed(UnixChannel unix, byte[] bytes) throws IOException {
        awaitSent();
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        int at = 0;
        while (at < bytes.length) {
            if (!channel.isActive()) {
                throw new IOException("write to client: the connection is closed");
            }
            int count = unix.fd().write(buffer, at, bytes.length);
            at += Math.max(count, 0);
            if (count <= 0) {
                LockSupport.parkNanos(RETRY_NANOS);
                if (Thread.currentThread().isInterrupted()) {
                    throw interrupted();
                }
            }
        }
    }

    /**
     * Sends a part of a file and returns when the kernel has taken all of it: by sendfile, or by copying under TLS. The
     * channel stays open.
     */
    void sendFile(FileChannel file, long position, long count) throws IOException {
        if (!canSendFiles()) {
            copyFile(file, position, count);
            return;
        }
        claim(count);
        channel.writeAndFlush(new BorrowedRegion(file, position, count)).addListener(future -> settle(count, future));
        awaitSent();
    }

    private void copyFile(FileChannel file, long position, long count) throws IOException {
        long end = position + count;
        while (position < end) {
            byte[] piece = new byte[(int) Math.min(PIECE, end - position)];
            ByteBuffer buffer = ByteBuffer.wrap(piece);
            while (buffer.hasRemaining()) {
                int read = file.read(buffer, position + buffer.position());
                if (read < 0) {
                    throw new IOException("file ended " + (end - position - buffer.position()) + " bytes early");
                }
            }
            send(piece);
            position += piece.length;
        }
    }

    /** Waits until everything written has been taken by the kernel. */
    void awaitSent() throws IOException {
        lock.lock();
        try {
            while (pending > 0 && failure == null) {
                changed.await();
            }
            check();
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private void claim(long count) throws IOException {
        lock.lock();
        try {
            while (pending > 0 && pending + count > HIGH && failure == null) {
                changed.await();
            }
            check();
            pending += count;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private void settle(long count, Future<?> future) {
        lock.lock();
        try {
            pending -= count;
            if (!future.isSuccess() && failure == null) {
                failure = future.cause();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void check() throws IOException {
        if (failure != null) {
            throw new IOException("write to client: " + failure.getMessage(), failure);
        }
    }

    private static InterruptedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while writing to the client");
    }

    /** A file region that leaves the file open: it belongs to the caller of {@link #sendFile}. */
    private static final class BorrowedRegion extends DefaultFileRegion {
        BorrowedRegion(FileChannel file, long position, long count) {
            super(file, position, count);
        }

        @Override
        protected void deallocate() {
            // the caller closes the file
        }
    }
}
