package io.drydock.http;

import java.io.IOException;

/** Answers requests. Called on a virtual thread of the connection; it may block. */
@FunctionalInterface
public interface HttpHandler {

    /**
     * Answers one request. When it returns, the exchange is over: a response not begun is sent as it stands (200 and no body
     * unless set otherwise), a streamed body is finished, an upgraded connection is closed.
     *
     * @throws HttpException to answer with that status and the server's {@link ErrorRenderer}
     * @throws IOException when the peer has gone or sent nonsense; the connection is closed
     */
    void handle(Exchange exchange) throws IOException;
}
