package io.drydock.docker.engine.network.dns;

import io.drydock.linux.EventCalls;
import io.drydock.linux.Fd;
import io.drydock.linux.InetCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.PolledInputStream;
import io.drydock.linux.PolledOutputStream;
import io.drydock.linux.Poller;
import io.drydock.linux.SocketCalls;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks other name servers: the first one, and the next ones beside it when it takes its time; the first good answer counts.
 * At most three servers, as everywhere.
 */
final class Upstream {
    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final long STAGGER_MILLIS = 400;
    private static final int MOST_SERVERS = 3;
    private static final int MOST_AT_ONCE = 1024;
    private static final int PORT = 53;
    private static final int LARGEST = 65535;

    private final Linux linux;
    private final Poller poller;
    private final Cache cache = new Cache(System::nanoTime);
    private final Semaphore places = new Semaphore(MOST_AT_ONCE);

    /** Opens a socket where a query is to come from. */
    interface Sockets {
        Fd open(InetAddress server, int type) throws IOException;
    }

    Upstream(Linux linux, Poller poller) {
        this.linux = linux;
        this.poller = poller;
    }

    /**
     * Asks.
     *
     * @param servers their addresses
     * @param tcp whether the question came by TCP, so that the answer may be long
     * @return the answer; SERVFAIL if no server has one
     */
    byte[] ask(Question question, List<String> servers, boolean tcp, Sockets sockets) throws InterruptedException {
        var kept = cache.find(servers, question);
        if (kept != null) {
            return kept;
        }
        if (!places.tryAcquire()) {
            return Response.code(question, Response.SERVER_FAILURE);
        }
        try {
            var answer = race(question, servers.subList(0, Math.min(servers.size(), MOST_SERVERS)), tcp, sockets);
            if (answer == null) {
                return Response.code(question, Response.SERVER_FAILURE);
            }
            cache.keep(servers, question, answer);
            return answer;
        } finally {
            places.release();
        }
    }

    private byte @Nullable [] race(Question question, List<String> servers, boolean tcp, Sockets sockets)
            throws InterruptedException {
        var answers = new LinkedBlockingQueue<Optional<byte[]>>();
        byte[] second = null;
        int asked = 0;
        int heard = 0;
        while (heard < servers.size()) {
            if (asked < servers.size()) {
                var server = servers.get(asked++);
                Thread.ofVirtual()
                        .name("dns-upstream")
                        .start(() -> answers.add(Optional.ofNullable(exchange(question, server, tcp, sockets))));
            }
            long patience = asked < servers.size() ? STAGGER_MILLIS : PATIENCE.toMillis() + STAGGER_MILLIS;
            var answer = answers.poll(patience, TimeUnit.MILLISECONDS);
            if (answer == null && asked == servers.size()) {
                return second;
            }
            if (answer != null) {
                heard++;
                var message = answer.orElse(null);
                if (message != null && isGood(message)) {
                    return message;
                }
                second = message == null ? second : message;
            }
        }
        return second;
    }

    /** Whether a server knew: others need not be asked. */
    private static boolean isGood(byte[] message) {
        int code = message[3] & 0xf;
        return code == Response.NO_ERROR || code == Response.NO_SUCH_NAME;
    }

    /** Null if the server does not answer. */
    private byte @Nullable [] exchange(Question question, String server, boolean tcp, Sockets sockets) {
        try {
            var address = new InetSocketAddress(InetAddress.ofLiteral(server), PORT);
            return tcp ? byStream(question, address, sockets) : byDatagram(question, address, sockets);
        } catch (IOException | IllegalArgumentException e) {
            LOG.debug("ask name server {} for {}: {}", server, question.name(), e.getMessage());
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private byte @Nullable [] byDatagram(Question question, InetSocketAddress server, Sockets sockets)
            throws IOException, InterruptedException {
        try (var socket = sockets.open(server.getAddress(), SocketCalls.DGRAM)) {
            InetCalls.system().connect(socket, server);
            linux.files().write(socket, ByteBuffer.wrap(question.message()));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            var buffer = ByteBuffer.allocate(LARGEST);
            while (true) {
                long left = deadline - System.nanoTime();
                if (left <= 0 || poller.await(socket, EventCalls.IN, Duration.ofNanos(left)) == 0) {
                    return null;
                }
                int length = linux.files().read(socket, buffer.clear());
                var message = Arrays.copyOf(buffer.array(), length);
                if (answers(question, message)) {
                    return message;
                }
            }
        }
    }

    private byte @Nullable [] byStream(Question question, InetSocketAddress server, Sockets sockets)
            throws IOException, InterruptedException {
        try (var socket = sockets.open(server.getAddress(), SocketCalls.STREAM)) {
            if (!InetCalls.system().connect(socket, server) && poller.await(socket, EventCalls.OUT, PATIENCE) == 0) {
                return null;
            }
            // closed from another thread if the server goes silent in between
            var watchdog = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(PATIENCE);
                    linux.sockets().shutdown(socket, 2);
                } catch (InterruptedException | IOException | IllegalStateException e) {
                    // it is over
                }
            });
            try {
                var out = new PolledOutputStream(linux, poller, socket);
                out.write(ByteBuffer.allocate(2 + question.message().length)
                        .putShort((short) question.message().length)
                        .put(question.message())
                        .array());
                var in = new DataInputStream(new PolledInputStream(linux, poller, socket, 4096));
                var message = new byte[in.readUnsignedShort()];
                in.readFully(message);
                return answers(question, message) ? message : null;
            } finally {
                watchdog.interrupt();
            }
        }
    }

    /** Whether the message is an answer to this very question. */
    private static boolean answers(Question question, byte[] message) {
        int end = question.end();
        return message.length >= end
                && message[0] == question.message()[0]
                && message[1] == question.message()[1]
                && (message[2] & 0x80) != 0
                && Arrays.mismatch(message, 12, end, question.message(), 12, end) < 0;
    }
}
