package io.drydock.docker.engine.network.dns;

import io.drydock.linux.Errno;
import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.PolledInputStream;
import io.drydock.linux.PolledOutputStream;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the questions of one container on sockets of its namespace, on virtual threads. */
final class NameServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NameServer.class);
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final int MOST_CONNECTIONS = 100;
    private static final int LARGEST_QUERY = 4096;

    private final Linux linux;
    private final Poller poller;
    private final ServerSockets sockets;
    private final Answerer answerer;
    private final Semaphore connections = new Semaphore(MOST_CONNECTIONS);
    private volatile boolean closed;

    /** Bound sockets of the container's namespace. */
    record ServerSockets(Fd udp, Fd tcp) {}

    /** Answers questions. */
    interface Answerer {
        byte[] answer(Question question, boolean tcp) throws InterruptedException;

        /** The answer if it needs nobody else; null if it does. */
        byte @Nullable [] answerAtOnce(Question question);
    }

    NameServer(Linux linux, Poller poller, ServerSockets sockets, Answerer answerer) {
        this.linux = linux;
        this.poller = poller;
        this.sockets = sockets;
        this.answerer = answerer;
    }

    void start() {
        Thread.ofVirtual().name("dns-udp").start(() -> serve(sockets.udp(), this::datagrams));
        Thread.ofVirtual().name("dns-tcp").start(() -> serve(sockets.tcp(), this::connections));
    }

    private interface Step {
        void run() throws IOException;
    }

    /** One failed step, such as a caller that is gone, must not end the service. */
    private void serve(Fd socket, Step step) {
        try {
            while (!closed) {
                poller.await(socket, EventCalls.IN);
                if (!closed) {
                    try {
                        step.run();
                    } catch (LinuxException e) {
                        if (e.errno() != Errno.EAGAIN) {
                            LOG.debug("serve names: {}", e.getMessage());
                        }
                    }
                }
            }
        } catch (IOException | IllegalStateException e) {
            if (!closed) {
                LOG.warn("serve names: {}", e.getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void datagrams() throws IOException {
        var buffer = ByteBuffer.allocate(LARGEST_QUERY);
        while (!closed) {
            var caller = InetCalls.system().receiveFrom(sockets.udp(), buffer.clear());
            int length = buffer.position();
            var question = Question.parse(Arrays.copyOf(buffer.array(), length));
            if (question == null) {
                continue;
            }
            var known = answerer.answerAtOnce(question);
            if (known != null) {
                send(question, known, caller);
            } else {
                Thread.ofVirtual().name("dns").start(() -> forward(question, caller));
            }
        }
    }

    private void forward(Question question, InetSocketAddress caller) {
        try {
            send(question, answerer.answer(question, false), caller);
        } catch (IOException | IllegalStateException e) {
            LOG.debug("answer {}: {}", question.name(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Question question, byte[] answer, InetSocketAddress caller) throws IOException {
        InetCalls.system().sendTo(sockets.udp(), ByteBuffer.wrap(Response.fitting(question, answer)), caller);
    }

    private void connections() throws IOException {
        var connection = linux.sockets().accept(sockets.tcp(), SocketCalls.NONBLOCK);
        if (!connections.tryAcquire()) {
            connection.close();
            return;
        }
        Thread.ofVirtual().name("dns-connection").start(() -> {
            try (connection) {
                converse(connection);
            } catch (EOFException e) {
                // the caller has hung up
            } catch (IOException | IllegalStateException e) {
                LOG.debug("serve names by TCP: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                connections.release();
            }
        });
    }

    private void converse(Fd connection) throws IOException, InterruptedException {
        var in = new DataInputStream(new PolledInputStream(linux, poller, connection, LARGEST_QUERY));
        var out = new PolledOutputStream(linux, poller, connection);
        while (!closed && (in.available() > 0 || poller.await(connection, EventCalls.IN, IDLE) != 0)) {
            var message = new byte[in.readUnsignedShort()];
            in.readFully(message);
            var question = Question.parse(message);
            if (question == null) {
                return;
            }
            var known = answerer.answerAtOnce(question);
            var answer = known == null ? answerer.answer(question, true) : known;
            out.write(ByteBuffer.allocate(answer.length + 2)
                    .putShort((short) answer.length)
                    .put(answer)
                    .array());
        }
    }

    @Override
    public void close() {
        closed = true;
        for (var socket : new Fd[] {sockets.udp(), sockets.tcp()}) {
            poller.cancel(socket);
            socket.close();
        }
    }
}
