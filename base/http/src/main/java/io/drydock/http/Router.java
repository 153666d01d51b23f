package io.drydock.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Picks a handler by method and path template. In a template {@code {id}} stands for one segment (at least one character, no
 * slash) and {@code {name:.*}} for anything up to what follows, slashes included (longest match). Templates are tried in the
 * order they were added; parameters are percent-decoded. A HEAD request uses the GET route if there is no HEAD route.
 */
public final class Router implements HttpHandler {
    private record Route(String method, PathTemplate template, HttpHandler handler) {}

    private final List<Route> routes = new ArrayList<>();
    private HttpHandler notFound = exchange -> {
        throw new HttpException(404, "page not found");
    };
    private HttpHandler methodNotAllowed = exchange -> {
        throw new HttpException(405, "method not allowed");
    };

    /** Adds a route. Returns this. */
    public Router on(String method, String template, HttpHandler handler) {
        routes.add(new Route(method, PathTemplate.parse(template), handler));
        return this;
    }

    /** Answers paths that no template matches. Returns this. */
    public Router notFound(HttpHandler handler) {
        this.notFound = handler;
        return this;
    }

    /** Answers methods that no template of the path has; the {@code Allow} header is set before. Returns this. */
    public Router methodNotAllowed(HttpHandler handler) {
        this.methodNotAllowed = handler;
        return this;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        handle(exchange, exchange.request().rawPath());
    }

    /** Routes by another path than the request's, e.g. without a version prefix. */
    public void handle(Exchange exchange, String rawPath) throws IOException {
        String method = exchange.request().method();
        Set<String> allowed = new LinkedHashSet<>();
        Route route = find(method, rawPath, exchange, allowed);
        if (route == null && method.equals("HEAD")) {
            route = find("GET", rawPath, exchange, allowed);
        }
        if (route != null) {
            route.handler().handle(exchange);
        } else if (allowed.isEmpty()) {
            notFound.handle(exchange);
        } else {
            exchange.response().header("Allow", String.join(", ", allowed));
            methodNotAllowed.handle(exchange);
        }
    }

    private @Nullable Route find(String method, String rawPath, Exchange exchange, Set<String> allowed) {
        for (Route route : routes) {
            Map<String, String> raw = route.template().match(rawPath);
            if (raw != null) {
                if (route.method().equals(method)) {
                    Map<String, String> decoded = new LinkedHashMap<>();
                    raw.forEach((name, value) -> decoded.put(name, PercentCoding.decode(value, false)));
                    exchange.pathParameters(decoded);
                    return route;
                }
                allowed.add(route.method());
            }
        }
        return null;
    }
}
