package io.drydock.http;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the requests of one connection, one after the other, on one virtual thread. */
final class Connection implements Drainable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    /** How long a client that sends more than anybody reads has to read the answer. */
    static final Duration LINGER = Duration.ofMillis(500);

    private enum Phase {
        IDLE,
        BUSY,
        CLOSED
    }

    private final Wire wire;
    private final Answering answering;
    private final Limits limits;
    private final RequestParser parser;
    private final ReentrantLock lock = new ReentrantLock();
    private Phase phase = Phase.IDLE;
    private boolean draining;
    private @Nullable Thread thread;

    Connection(Wire wire, Answering answering, Limits limits) {
        this.wire = wire;
        this.answering = answering;
        this.limits = limits;
        this.parser = new RequestParser(wire.input(), limits);
    }

    /** The connection's thread: returns when the connection is closed. */
    void serve() {
        lock.lock();
        try {
            thread = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            Peer peer = peer(wire.channel());
            boolean more = true;
            while (more && awaitRequest()) {
                more = one(peer);
                Thread.interrupted();
                more &= enter(Phase.IDLE);
            }
        } catch (IOException e) {
            LOG.debug("connection ended: {}", e.getMessage());
        } finally {
            enter(Phase.CLOSED);
            wire.close();
        }
    }

    private boolean awaitRequest() throws IOException {
        if (!wire.input().await(limits.idleTimeout())) {
            return false;
        }
        return enter(Phase.BUSY);
    }

    /** False if the connection is to be closed instead, because the server stops. */
    private boolean enter(Phase next) {
        lock.lock();
        try {
            if (draining && next == Phase.IDLE) {
                next = Phase.CLOSED;
            }
            if (phase != Phase.CLOSED) {
                phase = next;
            }
            return phase == next && phase != Phase.CLOSED;
        } finally {
            lock.unlock();
        }
    }

    /** Closes the connection now if it is between two requests, else after the response under way. */
    @Override
    public void drain() {
        lock.lock();
        try {
            draining = true;
            if (phase == Phase.IDLE) {
                phase = Phase.CLOSED;
                wire.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Interrupts the handler and cuts the connection. */
    @Override
    public void abort() {
        lock.lock();
        try {
            if (phase == Phase.BUSY && thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
        wire.close();
    }

    private boolean isDraining() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    /** Serves one request; true if the connection can go on. */
    private boolean one(Peer peer) throws IOException {
        RequestHead head;
        RequestBody body;
        try {
            head = readHead();
            if (head == null) {
                return false;
            }
            RequestHead request = head;
            body = parser.body(head, () -> sendContinue(request));
        } catch (HttpException e) {
            answerBroken(e);
            return false;
        }
        Request request = new Request(head, body, peer, wire.tls() != null);
        Response response = new Response(
                wire.output(),
                head,
                answering.preamble(() -> head.keepAlive() && !isDraining() && reusable(head, body)));
        Exchange exchange = new Exchange(request, response, wire);
        answering.handle(exchange);
        if (exchange.upgraded()) {
            wire.output().awaitSent();
            return false;
        }
        if (response.closes() || !body.drain(limits.drain())) {
            linger();
            return false;
        }
        return true;
    }

    /** Whether the rest of the body will have been read when the next request is due. */
    private boolean reusable(RequestHead head, RequestBody body) {
        return body.ended() || body.announcedLength() <= limits.drain() && (body.started() || !head.expectsContinue());
    }

    private @Nullable RequestHead readHead() throws IOException {
        Duration limit = limits.headerTimeout();
        if (limit == null) {
            return parser.head();
        }
        Exchange.Registration timer = Timeout.after(wire.channel().eventLoop(), limit, () -> {
            wire.input().ended(new HeaderTimeout());
        });
        try (timer) {
            return parser.head();
        } catch (IOException e) {
            if (e.getCause() instanceof HeaderTimeout) {
                throw new HttpException(408, "request header took too long");
            }
            throw e;
        }
    }

    private void sendContinue(RequestHead head) throws IOException {
        if (head.expectsContinue()) {
            wire.output().send("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Answers what could not be parsed; the position in the stream is lost, so the connection ends. */
    private void answerBroken(HttpException problem) throws IOException {
        ErrorRenderer.Body body = answering.render(problem.status(), String.valueOf(problem.getMessage()));
        RequestHead none = new RequestHead("GET", "/", 1, new Headers().set("Connection", "close"));
        Response response = new Response(wire.output(), none, answering.preamble(() -> false));
        response.status(problem.status()).send(body.contentType(), body.bytes());
        linger();
    }

    /** Lets the client read the answer before the kernel would reset the connection for the bytes we did not read. */
    private void linger() throws IOException {
        wire.shutdownOutput();
        wire.input().discardUntilEnd(LINGER);
    }

    static Peer peer(Channel channel) throws IOException {
        if (channel instanceof EpollDomainSocketChannel unix) {
            PeerCredentials credentials = unix.peerCredentials();
            int[] gids = credentials.gids();
            return new Peer.UnixPeer(credentials.pid(), credentials.uid(), gids.length == 0 ? -1 : gids[0]);
        }
        List<X509Certificate> certificates = new ArrayList<>();
        SslHandler tls = channel.pipeline().get(SslHandler.class);
        if (tls != null && tls.engine().getNeedClientAuth()) {
            for (Certificate certificate : tls.engine().getSession().getPeerCertificates()) {
                certificates.add((X509Certificate) certificate);
            }
        }
        return new Peer.TcpPeer((InetSocketAddress) channel.remoteAddress(), certificates);
    }

    private static final class HeaderTimeout extends IOException {
        private static final long serialVersionUID = 1L;

        HeaderTimeout() {
            super("request header took too long");
        }
    }
}
