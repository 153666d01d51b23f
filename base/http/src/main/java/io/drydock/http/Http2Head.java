package io.drydock.http;

import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/** A request's head in HTTP/2 as one of HTTP/1.1. */
final class Http2Head {
    private Http2Head() {}

    /** @throws HttpException if it is malformed */
    static RequestHead of(Http2Headers fields) {
        var method = text(fields.method());
        var target = text(fields.path());
        if (!Tokens.isToken(method)) {
            throw new HttpException(400, "invalid method");
        }
        RequestParser.checkTarget(target);
        var headers = new Headers();
        for (var field : fields) {
            var name = field.getKey().toString();
            if (!name.startsWith(":")) {
                headers.add(name, field.getValue().toString());
            }
        }
        if (!headers.has("Host") && fields.authority() != null) {
            headers.add("Host", text(fields.authority()));
        }
        return new RequestHead(method, target, 1, headers);
    }

    private static String text(@Nullable CharSequence value) {
        return value == null ? "" : value.toString();
    }

    /** The announced length of the body in bytes; -1 if there is none. */
    static long length(RequestHead head) {
        var length = head.headers().get("Content-Length");
        return length == null ? -1 : RequestParser.decimal(length);
    }
}
