package io.drydock.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two ends of one socket between Netty and the connection's thread. Methods that override Netty's run on the event loop
 * and never block; the others are for the connection's threads.
 */
final class Wire extends ChannelInboundHandlerAdapter implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

    /** Begins to serve a connection once it is ready (for TLS: after the handshake). Must not block. */
    interface Ready {
        void ready(Wire wire);
    }

    private final DuplexChannel channel;
    private final WireInput input;
    private final WireOutput output;
    private final Ready ready;
    private final EndActions actions = new EndActions();

    Wire(DuplexChannel channel, Ready ready) {
        this.channel = channel;
        this.ready = ready;
        this.input = new WireInput(on -> channel.config().setAutoRead(on));
        this.output = new WireOutput(channel);
    }

    DuplexChannel channel() {
        return channel;
    }

    WireInput input() {
        return input;
    }

    WireOutput output() {
        return output;
    }

    @Nullable
    SslHandler tls() {
        return channel.pipeline().get(SslHandler.class);
    }

    /** Ends the sending side after what was written; with TLS by close_notify. */
    void shutdownOutput() throws IOException {
        output.awaitSent();
        SslHandler tls = tls();
        if (tls != null) {
            tls.closeOutbound();
        } else {
            channel.shutdownOutput();
        }
    }

    void close() {
        channel.close();
    }

    @Override
    public Exchange.Registration onInputEnd(Runnable action) {
        return actions.add(action);
    }

    @Override
    public Wire wire() {
        return this;
    }

    @Override
    public boolean isActive() {
        return channel.isActive();
    }

    private void endInput(@Nullable IOException cause) {
        input.ended(cause);
        actions.run();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (tls() == null) {
            ready.ready(this);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        byte[] copy = new byte[bytes.readableBytes()];
        bytes.readBytes(copy);
        bytes.release();
        if (copy.length > 0) {
            input.arrived(copy);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        switch (event) {
            case ChannelInputShutdownEvent shutdown -> endInput(null);
            case SslCloseCompletionEvent closed -> endInput(null);
            case SslHandshakeCompletionEvent handshake when handshake.isSuccess() -> ready.ready(this);
            case SslHandshakeCompletionEvent handshake -> refuse(context, handshake.cause());
            default -> {}
        }
    }

    /** Tells a client that speaks plain HTTP to a TLS port so in plain HTTP, as Go's server does. */
    private void refuse(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("http: TLS handshake error from {}: {}", channel.remoteAddress(), cause.getMessage());
        if (cause instanceof NotSslRecordException) {
            byte[] answer = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
                    .getBytes(StandardCharsets.US_ASCII);
            context.pipeline().context(SslHandler.class).writeAndFlush(Unpooled.wrappedBuffer(answer));
        }
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        endInput(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        endInput(cause instanceof IOException io ? io : new IOException(cause.getMessage(), cause));
        context.close();
    }
}
