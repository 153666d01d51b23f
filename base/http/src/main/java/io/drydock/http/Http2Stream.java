package io.drydock.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request of an HTTP/2 connection and its answer. Methods that override Netty's run on the event loop and never block;
 * {@link #serve} is for the request's thread.
 */
final class Http2Stream extends ChannelInboundHandlerAdapter implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Stream.class);

    private final Http2StreamChannel channel;
    private final Peer peer;
    private final boolean secure;
    private final Answering answering;
    private final Limits limits;
    private final WireInput input;
    private final Http2Output output;
    private final EndActions actions = new EndActions();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean begun;
    private @Nullable Thread thread;

    Http2Stream(Http2StreamChannel channel, Peer peer, boolean secure, Answering answering, Limits limits) {
        this.channel = channel;
        this.peer = peer;
        this.secure = secure;
        this.answering = answering;
        this.limits = limits;
        this.input = new WireInput(on -> channel.config().setAutoRead(on));
        this.output = new Http2Output(channel);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            switch (message) {
                case Http2HeadersFrame head when !begun -> begin(head);
                case Http2HeadersFrame trailer -> input.ended(null);
                case Http2DataFrame data -> {
                    byte[] bytes = ByteBufUtil.getBytes(data.content());
                    if (bytes.length > 0) {
                        input.arrived(bytes);
                    }
                    if (data.isEndStream()) {
                        input.ended(null);
                    }
                }
                default -> {}
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void begin(Http2HeadersFrame head) {
        begun = true;
        if (head.isEndStream()) {
            input.ended(null);
        }
        var fields = head.headers();
        Thread.ofVirtual().name("http-stream").start(() -> serve(fields, head.isEndStream()));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame) {
            gone();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        gone();
        context.close();
    }

    private void gone() {
        input.ended(new IOException("the stream was reset"));
        actions.run();
    }

    private void serve(Http2Headers fields, boolean empty) {
        lock.lock();
        try {
            thread = Thread.currentThread();
        } finally {
            lock.unlock();
        }
        try {
            RequestHead head;
            try {
                head = Http2Head.of(fields);
            } catch (HttpException | IllegalArgumentException e) {
                LOG.debug("malformed request: {}", e.getMessage());
                output.reset(Http2Error.PROTOCOL_ERROR);
                return;
            }
            var body = empty
                    ? RequestBody.ofLength(input, 0, () -> {})
                    : RequestBody.ofStream(input, Http2Head.length(head), () -> {
                        if (head.expectsContinue()) {
                            output.goOn();
                        }
                    });
            var response = new Response(output, head, answering.preamble(() -> true));
            answering.handle(new Exchange(new Request(head, body, peer, secure), response, this));
            output.end();
            if (!body.drain(limits.drain())) {
                input.discardUntilEnd(Connection.LINGER);
                output.reset(Http2Error.NO_ERROR);
            }
        } catch (IOException | HttpException e) {
            LOG.debug("stream ended: {}", e.getMessage());
            output.reset(Http2Error.INTERNAL_ERROR);
        } finally {
            lock.lock();
            try {
                thread = null;
            } finally {
                lock.unlock();
            }
        }
    }

    /** Interrupts the handler. */
    void interrupt() {
        lock.lock();
        try {
            if (thread != null) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Exchange.Registration onInputEnd(Runnable action) {
        return actions.add(action);
    }

    @Override
    public Wire wire() {
        throw new HttpException(400, "a stream of HTTP/2 cannot be taken over");
    }

    @Override
    public boolean isActive() {
        return channel.isActive();
    }
}
