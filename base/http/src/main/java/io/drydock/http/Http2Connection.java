package io.drydock.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams of an HTTP/2 connection, one for each request, each served on a virtual thread of its own. */
final class Http2Connection implements Drainable {
    private static final int MOST_STREAMS = 250;
    /** What a client may send ahead, in one stream and in all together, in bytes. */
    private static final int WINDOW = 1 << 20;

    private final Channel channel;
    private final Answering answering;
    private final Limits limits;
    private final Set<Http2Stream> streams = ConcurrentHashMap.newKeySet();

    /** Takes a channel over, on its event loop. */
    Http2Connection(Channel channel, Answering answering, Limits limits) {
        this.channel = channel;
        this.answering = answering;
        this.limits = limits;
        // a client that ends its side cannot be answered any more: what ends is the connection
        channel.config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
        var codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(MOST_STREAMS)
                        .initialWindowSize(WINDOW)
                        .maxHeaderListSize(limits.header()))
                .build();
        channel.pipeline().addLast(codec, new Http2MultiplexHandler(new ChannelInitializer<Http2StreamChannel>() {
            @Override
            protected void initChannel(Http2StreamChannel stream) throws IOException {
                begin(stream);
            }
        }));
    }

    private void begin(Http2StreamChannel stream) throws IOException {
        boolean secure = channel.pipeline().get(SslHandler.class) != null;
        var handler = new Http2Stream(stream, Connection.peer(channel), secure, answering, limits);
        streams.add(handler);
        stream.closeFuture().addListener(closed -> streams.remove(handler));
        stream.pipeline().addLast(handler);
    }

    /** Says GOAWAY, and closes when the streams under way have ended. */
    @Override
    public void drain() {
        channel.close();
    }

    @Override
    public void abort() {
        streams.forEach(Http2Stream::interrupt);
        channel.eventLoop().execute(() -> {
            var codec = channel.pipeline().context(Http2FrameCodec.class);
            if (codec != null) {
                codec.close();
            }
        });
    }
}
