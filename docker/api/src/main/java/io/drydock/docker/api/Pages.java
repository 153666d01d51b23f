package io.drydock.docker.api;

import io.drydock.http.Exchange;
import io.drydock.http.Router;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where endpoints are put: the router, with handlers that know the request's version. */
public final class Pages {
    private final Router router;
    private final ApiVersion min;

    Pages(Router router, ApiVersion min) {
        this.router = router;
        this.min = min;
    }

    ApiVersion min() {
        return min;
    }

    Pages on(String method, String template, Call.Handler handler) {
        router.on(method, template, exchange -> run(exchange, handler));
        return this;
    }

    private static void run(Exchange exchange, Call.Handler handler) throws IOException {
        var version = versionOf(exchange.request().rawPath());
        try {
            handler.handle(new Call(exchange, version == null ? ApiVersion.MAX : version));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EOFException("the client has gone");
        }
    }

    /** The version a path begins with; null if it begins with none. */
    static @Nullable ApiVersion versionOf(String path) {
        int slash = path.indexOf('/', 1);
        return path.startsWith("/v") && slash > 2 ? ApiVersion.parse(path.substring(2, slash)) : null;
    }
}
