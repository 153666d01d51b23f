package io.drydock.docker.api;

import io.avaje.jsonb.Jsonb;
import io.drydock.http.ErrorRenderer;
import io.drydock.http.Exchange;
import io.drydock.http.HttpException;
import io.drydock.http.HttpHandler;
import io.drydock.http.Router;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.ErrorResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Engine API: strips and checks the version, sets the headers of every answer, routes, and turns failures into error
 * bodies. Paths are served with and without {@code /v1.xx}.
 */
public final class EngineApi implements HttpHandler {
    private static final Logger LOG = LoggerFactory.getLogger(EngineApi.class);

    /** Errors that no handler answered. */
    public static final ErrorRenderer ERRORS =
            (status, message) -> new ErrorRenderer.Body("application/json", errorBody(message));

    private final Router router = new Router();
    private final String server;
    private final ApiVersion min;

    /**
     * @param serverVersion of this engine, for the Server header
     * @param min the oldest version to serve
     * @param routes what is served; the first that matches answers
     */
    public EngineApi(String serverVersion, ApiVersion min, List<Routes> routes) {
        this.server = "Docker/" + serverVersion + " (linux)";
        this.min = min;
        var pages = new Pages(router, min);
        routes.forEach(r -> r.register(pages));
        router.notFound(EngineApi::pageNotFound).methodNotAllowed(EngineApi::pageNotFound);
    }

    private static void pageNotFound(Exchange exchange) {
        throw new HttpException(404, "page not found");
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var headers = exchange.response().headers();
        headers.set("Api-Version", ApiVersion.MAX.toString());
        headers.set("Docker-Experimental", "false");
        headers.set("Ostype", "linux");
        headers.set("Server", server);
        ApiVersion version = ApiVersion.MAX;
        try {
            String path = exchange.request().rawPath();
            var named = Pages.versionOf(path);
            if (named != null) {
                check(named);
                version = named;
                path = path.substring(path.indexOf('/', 1));
            }
            if (exchange.request().method().equals("OPTIONS")) {
                exchange.response().send(new byte[0]);
                return;
            }
            router.handle(exchange, path);
        } catch (EngineException e) {
            fail(exchange, e.kind().status(), OlderWords.of(e, version), e);
        } catch (HttpException e) {
            fail(exchange, e.status(), String.valueOf(e.getMessage()), null);
        } catch (RuntimeException e) {
            fail(exchange, 500, e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
    }

    private void check(ApiVersion version) {
        if (version.compareTo(min) < 0) {
            throw EngineException.invalid("client version " + version
                    + " is too old. Minimum supported API version is " + min
                    + ", please upgrade your client to a newer version");
        }
        if (version.compareTo(ApiVersion.MAX) > 0) {
            throw EngineException.invalid(
                    "client version " + version + " is too new. Maximum supported API version is " + ApiVersion.MAX);
        }
    }

    private static void fail(Exchange exchange, int status, String message, @Nullable Exception cause)
            throws IOException {
        if (status >= 500 && status != 501) {
            LOG.error(
                    "{} {}: {}", exchange.request().method(), exchange.request().rawPath(), message, cause);
        } else {
            LOG.debug(
                    "{} {}: {} {}",
                    exchange.request().method(),
                    exchange.request().rawPath(),
                    status,
                    message);
        }
        if (exchange.upgraded() || exchange.response().committed()) {
            throw new IOException(message, cause);
        }
        if (status == 304) {
            exchange.response().status(304).send(new byte[0]);
        } else {
            exchange.response().status(status).send("application/json", errorBody(message));
        }
    }

    static byte[] errorBody(String message) {
        return (Jsonb.instance().toJson(new ErrorResponse(message)) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
