package io.drydock.runc.runtime.keeper;

import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.PipeCalls.Pipe;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import io.drydock.runc.runtime.Exit;
import io.drydock.runc.runtime.keeper.KeeperMessage.Request;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a keeper. Requests that are answered are serialised; messages about processes go to their
 * {@link TrackedProcess}. Reading happens on the poller's thread, which never waits.
 */
public final class KeeperConnection implements AutoCloseable {
    private static final int ANSWER_SECONDS = 30;

    private final Linux linux;
    private final Poller poller;
    private final Fd socket;
    private final Map<Integer, TrackedProcess> processes = new ConcurrentHashMap<>();
    private final BlockingQueue<KeeperMessage> answers = new ArrayBlockingQueue<>(1);
    private volatile boolean asking;
    private volatile boolean gone;

    /** Takes over a connected, non-blocking socket. */
    public KeeperConnection(Linux linux, Poller poller, Fd socket) throws LinuxException {
        this.linux = linux;
        this.poller = poller;
        this.socket = socket;
        poller.once(socket, EventCalls.IN, this::onReadable);
    }

    /** Connects to a keeper's socket; ECONNREFUSED or ENOENT if nobody is there. */
    public static KeeperConnection open(Linux linux, Poller poller, String path) throws LinuxException {
        Fd socket = linux.sockets().socket(SocketCalls.AF_UNIX, SocketCalls.SEQPACKET, 0);
        try {
            linux.sockets().connectUnix(socket, path);
            linux.pipes().setNonBlocking(socket, true);
            return new KeeperConnection(linux, poller, socket);
        } catch (LinuxException e) {
            socket.close();
            throw e;
        }
    }

    /** Stands for a keeper that has died: every request is answered with {@link KeeperMessage.Gone}. */
    public static KeeperConnection gone(Linux linux, Poller poller) throws LinuxException {
        Pipe pair = linux.sockets().socketPair(SocketCalls.SEQPACKET);
        pair.write().close();
        KeeperConnection connection = new KeeperConnection(linux, poller, pair.read());
        connection.gone = true;
        return connection;
    }

    /** Learns a process's exit from the kernel (6.15 or later) when no keeper can tell it. */
    public void watchWithoutKeeper(TrackedProcess process) {
        Fd pidfd = process.pidfd();
        if (pidfd == null || process.exit().isDone()) {
            process.deliver(new KeeperMessage.Gone(process.number()));
            return;
        }
        try {
            poller.once(pidfd, EventCalls.IN, events -> process.deliver(ending(process.number(), pidfd)));
        } catch (LinuxException | IllegalStateException e) {
            process.deliver(new KeeperMessage.Gone(process.number()));
        }
    }

    private KeeperMessage ending(int number, Fd pidfd) {
        try {
            return linux.processes()
                    .exitStatus(pidfd)
                    .<KeeperMessage>map(status -> new KeeperMessage.Exited(number, new Exit(status, Instant.now())))
                    .orElse(new KeeperMessage.Gone(number));
        } catch (LinuxException | IllegalStateException e) {
            return new KeeperMessage.Gone(number);
        }
    }

    private void onReadable(int events) {
        if (events == 0 || socket.isClosed()) {
            return;
        }
        try {
            ByteBuffer packet = ByteBuffer.allocateDirect(KeeperMessage.SIZE);
            while (!gone) {
                SocketCalls.Received received = linux.sockets().receive(socket, packet.clear(), 1);
                if (received.bytes() == 0) {
                    lose();
                    return;
                }
                KeeperMessage message = KeeperMessage.read(packet, received.descriptors());
                if (message != null) {
                    dispatch(message);
                }
            }
        } catch (LinuxException e) {
            if (e.errno() != Errno.EAGAIN) {
                lose();
                return;
            }
            rearm();
        }
    }

    private void rearm() {
        try {
            if (!socket.isClosed()) {
                poller.once(socket, EventCalls.IN, this::onReadable);
            }
        } catch (LinuxException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void dispatch(KeeperMessage message) {
        boolean answer =
                switch (message) {
                    case KeeperMessage.State s -> true;
                    case KeeperMessage.Lent l -> true;
                    case KeeperMessage.Refused r -> asking;
                    default -> false;
                };
        if (answer) {
            if (!asking || !answers.offer(message)) {
                message.discard();
            }
            return;
        }
        TrackedProcess process = processes.get(message.process());
        if (process == null) {
            message.discard();
        } else {
            process.deliver(message);
        }
    }

    private void lose() {
        gone = true;
        answers.offer(new KeeperMessage.Gone(0));
        processes.values().forEach(this::watchWithoutKeeper);
    }

    /** Whether the keeper has ended (or the connection was closed). */
    public boolean isGone() {
        return gone;
    }

    /** The process of a number; from now on messages about it are kept. */
    public TrackedProcess track(int number) {
        return processes.computeIfAbsent(number, TrackedProcess::new);
    }

    /** The reverse of {@link #track}. */
    public void forget(int number) {
        TrackedProcess process = processes.remove(number);
        if (process != null) {
            process.close();
        }
    }

    /** Sends a request that has no answer but messages to its process. */
    public void send(Request request, int process, int a, List<Fd> fds) throws LinuxException {
        linux.sockets().send(socket, request.packet(process, a), fds);
    }

    /** Tells the keeper that a child of its is the container's init; messages about it follow. */
    public void adopt(int pid, boolean retires, @Nullable Fd terminal) throws LinuxException {
        List<Fd> fds = terminal == null ? List.of() : List.of(terminal);
        linux.sockets().send(socket, Request.ADOPT.packet(0, pid, retires ? 1 : 0), fds);
    }

    /** Sends a request and waits for its answer; {@link KeeperMessage.Gone} if the keeper ends instead. */
    public synchronized KeeperMessage ask(Request request, int process, int a) throws IOException {
        if (gone) {
            return new KeeperMessage.Gone(0);
        }
        answers.clear();
        asking = true;
        try {
            send(request, process, a, List.of());
            KeeperMessage answer = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            if (answer == null) {
                throw new IOException("the keeper does not answer");
            }
            return answer;
        } catch (LinuxException e) {
            if (e.errno() == Errno.EPIPE || e.errno() == Errno.ECONNRESET) {
                return new KeeperMessage.Gone(0);
            }
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } finally {
            asking = false;
        }
    }

    /** A duplicate of the pty's master ({@code index} 0) or of a held descriptor (1, 2, …); null if there is none. */
    public @Nullable Fd borrow(int process, int index) throws IOException {
        return ask(Request.BORROW, process, index) instanceof KeeperMessage.Lent lent ? lent.fd() : null;
    }

    @Override
    public void close() {
        gone = true;
        poller.cancel(socket);
        socket.close();
        processes.values().forEach(TrackedProcess::close);
        processes.clear();
    }
}
