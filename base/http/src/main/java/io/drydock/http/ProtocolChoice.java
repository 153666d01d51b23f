package io.drydock.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands before a {@link Wire} until it is known which HTTP a client speaks: by ALPN under TLS, else by the first bytes. For
 * HTTP/2 it has the Wire replaced. Runs on the event loop.
 */
final class ProtocolChoice extends ChannelInboundHandlerAdapter {
    /** How every HTTP/2 connection begins: RFC 9113 §3.4. */
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final boolean tls;
    private final Consumer<Channel> http2;
    private @Nullable ByteBuf seen;

    /** @param http2 makes a channel one of HTTP/2, from which the Wire has been removed */
    ProtocolChoice(boolean tls, Consumer<Channel> http2) {
        this.tls = tls;
        this.http2 = http2;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (tls) {
            context.fireChannelActive();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
            var pipeline = context.pipeline();
            if (ApplicationProtocolNames.HTTP_2.equals(
                    pipeline.get(SslHandler.class).applicationProtocol())) {
                pipeline.remove(Wire.class);
                http2.accept(context.channel());
                pipeline.remove(this);
                return;
            }
            context.fireUserEventTriggered(event);
            pipeline.remove(this);
            return;
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (tls) {
            context.fireChannelRead(message);
            return;
        }
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf all =
                seen == null ? bytes : context.alloc().buffer().writeBytes(seen).writeBytes(bytes);
        if (seen != null) {
            seen.release();
            bytes.release();
            seen = null;
        }
        int known = Math.min(all.readableBytes(), PREFACE.length);
        boolean begins = startsAlike(all, known);
        if (begins && known < PREFACE.length) {
            seen = all;
            return;
        }
        var pipeline = context.pipeline();
        if (begins) {
            pipeline.remove(Wire.class);
            http2.accept(context.channel());
        } else {
            context.fireChannelActive();
        }
        context.fireChannelRead(all);
        pipeline.remove(this);
    }

    private static boolean startsAlike(ByteBuf bytes, int count) {
        byte[] start = ByteBufUtil.getBytes(bytes, bytes.readerIndex(), count);
        return java.util.Arrays.equals(start, 0, count, PREFACE, 0, count);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        if (seen != null) {
            seen.release();
            seen = null;
        }
    }
}
