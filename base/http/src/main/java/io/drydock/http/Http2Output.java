package io.drydock.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.util.Locale;
import java.util.Set;

/** What is answered in a stream of HTTP/2. */
final class Http2Output extends WireOutput {
    /** They speak of a connection that is not this stream's alone: RFC 9113 §8.2.2. */
    private static final Set<String> OF_CONNECTIONS =
            Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

    private final Http2StreamChannel stream;

    Http2Output(Http2StreamChannel stream) {
        super(stream);
        this.stream = stream;
    }

    @Override
    byte[] head(int status, Headers headers) {
        var fields = new DefaultHttp2Headers().status(Integer.toString(status));
        headers.forEach((name, value) -> {
            var lower = name.toLowerCase(Locale.ROOT);
            if (!OF_CONNECTIONS.contains(lower)) {
                fields.add(lower, value);
            }
        });
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(fields));
        return new byte[0];
    }

    /** Tells a client to go on with its request. */
    void goOn() {
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("100")));
    }

    @Override
    boolean delimits() {
        return true;
    }

    @Override
    boolean canSendFiles() {
        return false;
    }

    @Override
    Object message(byte[] bytes) {
        return new DefaultHttp2DataFrame(Unpooled.wrappedBuffer(bytes));
    }

    /** The response is complete. */
    void end() {
        stream.writeAndFlush(new DefaultHttp2DataFrame(true));
    }

    /** Ends the stream, whatever of it is missing. */
    void reset(Http2Error why) {
        stream.writeAndFlush(new DefaultHttp2ResetFrame(why));
    }
}
