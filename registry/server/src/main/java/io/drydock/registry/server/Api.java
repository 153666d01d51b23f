package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.http.HttpException;
import io.drydock.http.HttpHandler;
import io.drydock.http.Router;
import io.drydock.registry.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes requests and answers refusals as the specification's error documents. */
final class Api implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(Api.class);
    private static final String JSON = "application/json; charset=utf-8";

    private final Router router;
    private final @Nullable PullThrough upstream;
    private final Access access;
    private final Metrics metrics;
    private final Map<String, String> headers;
    private final String prefix;
    private final boolean readOnly;
    private final boolean accessLog;
    private final @Nullable AuditLog auditLog;
    private final @Nullable RateLimit limit;

    Api(
            Storage storage,
            Access access,
            @Nullable TokenServer tokens,
            Metrics metrics,
            @Nullable PullThrough upstream,
            Notifications notifications,
            Settings settings) {
        this.access = access;
        this.upstream = upstream;
        this.metrics = metrics;
        this.headers = settings.http().headers();
        this.prefix =
                settings.http().prefix().substring(0, settings.http().prefix().length() - 1);
        // nobody pushes to a cache
        this.readOnly = settings.storage().readOnly() || upstream != null;
        this.accessLog = settings.accessLog();
        this.auditLog = settings.auditLog() == null ? null : new AuditLog(settings.auditLog());
        var most = settings.http().limit();
        this.limit = most == null ? null : new RateLimit(most.perSecond(), most.burst(), System::nanoTime);
        var locations = Locations.of(settings.http());
        boolean deletes = settings.storage().deletes();
        this.router = routes(
                new BlobRoutes(
                        storage.blobs(),
                        notifications,
                        deletes,
                        settings.storage().redirects()),
                new UploadRoutes(
                        storage.blobs(),
                        storage.uploads(),
                        new Quotas(settings.storage().quotas(), storage.blobs()),
                        notifications,
                        locations),
                new ManifestRoutes(storage.manifests(), notifications, locations, deletes),
                new ReferrerRoutes(storage.manifests(), storage.referrers()),
                new ListRoutes(storage.manifests(), prefix),
                upstream);
        if (settings.http().page()) {
            var page = new PageRoutes(deletes && !readOnly, prefix);
            router.on("GET", "/ui", page::redirect)
                    .on("GET", "/ui/", page::page)
                    .on("GET", "/ui/page.js", page::script)
                    .on("GET", "/ui/page.css", page::style)
                    .on("GET", "/ui/settings.json", page::settings);
        }
        if (tokens != null) {
            router.on("GET", "/auth/token", tokens::get)
                    .on("POST", "/auth/token", tokens::post)
                    .on("GET", "/auth/keys", tokens::keys);
        }
    }

    private Router routes(
            BlobRoutes blobs,
            UploadRoutes uploads,
            ManifestRoutes manifests,
            ReferrerRoutes referrers,
            ListRoutes lists,
            @Nullable PullThrough upstream) {
        return new Router()
                .on("GET", "/", exchange -> exchange.response().send(new byte[0]))
                .on("GET", "/v2/", this::ping)
                .on(
                        "GET",
                        "/v2",
                        exchange -> exchange.response()
                                .status(301)
                                .header("Location", prefix + "/v2/")
                                .send(new byte[0]))
                .on("GET", "/v2/_catalog", exchange -> {
                    access.check(exchange, Right.catalog());
                    lists.catalog(exchange);
                })
                .on(
                        "GET",
                        "/v2/{name:.*}/tags/list",
                        may("pull", upstream == null ? lists::tags : exchange -> upstream.tags(exchange, lists)))
                .on("POST", "/v2/{name:.*}/blobs/uploads/", may("push", uploads::begin))
                .on("POST", "/v2/{name:.*}/blobs/uploads", may("push", uploads::begin))
                .on("PATCH", "/v2/{name:.*}/blobs/uploads/{id}", may("push", uploads::append))
                .on("PUT", "/v2/{name:.*}/blobs/uploads/{id}", may("push", uploads::finish))
                .on("GET", "/v2/{name:.*}/blobs/uploads/{id}", may("pull", uploads::status))
                .on("DELETE", "/v2/{name:.*}/blobs/uploads/{id}", may("delete", uploads::cancel))
                .on(
                        "GET",
                        "/v2/{name:.*}/blobs/{digest}",
                        may(
                                "pull",
                                upstream == null
                                        ? blobs::get
                                        : exchange -> {
                                            if (!upstream.blob(exchange)) {
                                                blobs.get(exchange);
                                            }
                                        }))
                .on("DELETE", "/v2/{name:.*}/blobs/{digest}", may("delete", blobs::delete))
                .on(
                        "GET",
                        "/v2/{name:.*}/manifests/{reference}",
                        may(
                                "pull",
                                upstream == null
                                        ? manifests::get
                                        : exchange -> {
                                            upstream.manifest(exchange);
                                            manifests.get(exchange);
                                        }))
                .on("PUT", "/v2/{name:.*}/manifests/{reference}", may("push", manifests::put))
                .on("DELETE", "/v2/{name:.*}/manifests/{reference}", may("delete", manifests::delete))
                .on("GET", "/v2/{name:.*}/referrers/{digest}", may("pull", referrers::list))
                .on("GET", "/v2/{name:.*}/", exchange -> {
                    throw new HttpException(404, "page not found");
                })
                .on("DELETE", "/v2/{name:.*}/", may("delete", manifests::deleteRepository))
                .methodNotAllowed(exchange -> {
                    throw ApiError.unsupported();
                });
    }

    private void ping(Exchange exchange) throws IOException {
        access.check(exchange, List.of());
        exchange.response().send(JSON, "{}");
    }

    /** Asks for a right to the repository in the path first, as the router reads it, and for its name to be one. */
    private HttpHandler may(String action, HttpHandler handler) {
        return exchange -> {
            access.check(exchange, Right.repository(exchange, Call.repository(exchange), action));
            if (readOnly && !action.equals("pull")) {
                throw ApiError.unsupported();
            }
            handler.handle(exchange);
        };
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var request = exchange.request();
        var response = exchange.response();
        response.header("Docker-Distribution-Api-Version", "registry/2.0").header("X-Content-Type-Options", "nosniff");
        headers.forEach(response::header);
        var measured = metrics.begin(handler(request.rawPath()), request.method());
        try {
            limit(exchange);
            route(exchange);
        } catch (ApiError e) {
            refuse(exchange, e);
        } catch (IOException e) {
            if (response.committed()) {
                throw e;
            }
            log.error("{} {}: {}", request.method(), request.rawPath(), e.getMessage());
            refuse(exchange, failed(e));
        } finally {
            measured.end(response.status(), response.bytesSent());
        }
        if (accessLog) {
            log.info("{} {} {} {}", request.method(), request.rawPath(), response.status(), response.bytesSent());
        }
        if (auditLog != null) {
            auditLog.note(exchange);
        }
    }

    private void limit(Exchange exchange) {
        if (limit == null) {
            return;
        }
        var wait = limit.count(AuditLog.address(exchange.request().peer()));
        if (wait.isPositive()) {
            exchange.response()
                    .header("Retry-After", Long.toString(wait.plusMillis(999).toSeconds()));
            throw new ApiError(429, "TOOMANYREQUESTS", "too many requests");
        }
    }

    private void route(Exchange exchange) throws IOException {
        var path = exchange.request().rawPath();
        if (path.equals("/")) {
            router.handle(exchange);
        } else if (path.startsWith(prefix + "/")) {
            var inside = path.substring(prefix.length());
            router.handle(exchange, upstream == null ? inside : upstream.path(exchange, inside));
        } else {
            exchange.response().status(404).send("text/plain; charset=utf-8", "404 page not found\n");
        }
    }

    /** The name that Docker's registry counts a path under. */
    private static String handler(String path) {
        if (path.contains("/blobs/uploads")) {
            return path.endsWith("/uploads/") || path.endsWith("/uploads") ? "blob_upload" : "blob_upload_chunk";
        }
        return path.contains("/blobs/")
                ? "blob"
                : path.contains("/manifests/")
                        ? "manifest"
                        : path.endsWith("/tags/list")
                                ? "tags"
                                : path.endsWith("/_catalog")
                                        ? "catalog"
                                        : path.contains("/referrers/") ? "referrers" : "base";
    }

    /** A full disk is told apart, as something that the administrator can change. */
    private static ApiError failed(IOException e) {
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return full
                ? new ApiError(507, "UNAVAILABLE", "the registry's disk is full")
                : new ApiError(500, "UNKNOWN", "unknown error");
    }

    private static void refuse(Exchange exchange, ApiError e) throws IOException {
        exchange.response()
                .status(e.status())
                .send(JSON, Json.error(e.code(), String.valueOf(e.getMessage()), e.detail()));
    }
}
