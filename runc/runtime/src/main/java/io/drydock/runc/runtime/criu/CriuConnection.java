package io.drydock.runc.runtime.criu;

import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls.Received;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Our end of the socket to a {@code criu swrk}; it serves one request. */
public final class CriuConnection {
    private static final int PACKET = 10 * 4096;

    private final Linux linux;
    private final Poller poller;
    private final Fd socket;

    /** {@code socket}: non-blocking, stays the caller's. */
    public CriuConnection(Linux linux, Poller poller, Fd socket) {
        this.linux = linux;
        this.poller = poller;
        this.socket = socket;
    }

    /** Told what criu is about to do; the descriptor, if one came along, is the receiver's. An exception makes criu give up. */
    public interface Notified {
        void accept(String script, int pid, @Nullable Fd fd) throws IOException;
    }

    /**
     * Asks and answers notifications until criu has done it.
     *
     * @throws IOException {@code criu failed: type DUMP errno 0} and the like
     */
    public CriuResponse ask(byte[] request, Notified notified) throws IOException {
        send(request);
        while (true) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(PACKET);
            Received received = receive(buffer);
            @Nullable
            Fd fd = received.descriptors().isEmpty()
                    ? null
                    : received.descriptors().getFirst();
            byte[] bytes = new byte[received.bytes()];
            buffer.get(0, bytes);
            CriuResponse response = CriuResponse.parse(bytes);
            if (!response.success()) {
                close(fd);
                throw new IOException("criu failed: type " + response.typeName() + " errno " + response.errno());
            }
            if (!response.is(CriuType.NOTIFY)) {
                close(fd);
                return response;
            }
            try {
                notified.accept(response.script(), response.pid(), fd);
            } catch (IOException e) {
                send(CriuRequest.notified(false));
                throw e;
            }
            send(CriuRequest.notified(true));
        }
    }

    private static void close(@Nullable Fd fd) {
        if (fd != null) {
            fd.close();
        }
    }

    private void send(byte[] packet) throws IOException {
        try {
            linux.sockets().send(socket, ByteBuffer.wrap(packet), List.of());
        } catch (LinuxException e) {
            throw ended(e);
        }
    }

    private Received receive(ByteBuffer buffer) throws IOException {
        while (true) {
            try {
                Received received = linux.sockets().receive(socket, buffer.clear(), 1);
                if (received.bytes() == 0) {
                    throw new IOException("criu failed: unexpected EOF");
                }
                return received;
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAGAIN) {
                    throw ended(e);
                }
            }
            try {
                poller.await(socket, EventCalls.IN);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    private static IOException ended(LinuxException e) {
        boolean gone = e.errno() == Errno.EPIPE || e.errno() == Errno.ECONNRESET;
        return gone ? new IOException("criu failed: unexpected EOF", e) : e;
    }
}
