package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.http.HttpHandler;
import io.drydock.http.Router;
import io.drydock.registry.storage.FilesystemStorage;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes requests and answers refusals as the specification's error documents. */
final class Api implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(Api.class);
    private static final String JSON = "application/json; charset=utf-8";

    private final Router router;
    private final Access access;
    private final Map<String, String> headers;
    private final boolean readOnly;

    Api(FilesystemStorage storage, Access access, Settings settings) {
        this.access = access;
        this.headers = settings.headers();
        this.readOnly = settings.readOnly();
        var locations = new Locations(settings.host(), settings.relativeUrls());
        this.router = routes(
                new BlobRoutes(storage.blobs(), settings.deletes()),
                new UploadRoutes(storage.blobs(), storage.uploads(), locations),
                new ManifestRoutes(storage.manifests(), storage.blobs(), locations, settings.deletes()),
                new ListRoutes(storage.manifests()));
    }

    private static Router routes(BlobRoutes blobs, UploadRoutes uploads, ManifestRoutes manifests, ListRoutes lists) {
        return new Router()
                .on("GET", "/", exchange -> exchange.response().send(new byte[0]))
                .on("GET", "/v2/", exchange -> exchange.response().send(JSON, "{}"))
                .on(
                        "GET",
                        "/v2",
                        exchange -> exchange.response()
                                .status(301)
                                .header("Location", "/v2/")
                                .send(new byte[0]))
                .on("GET", "/v2/_catalog", lists::catalog)
                .on("GET", "/v2/{name:.*}/tags/list", lists::tags)
                .on("POST", "/v2/{name:.*}/blobs/uploads/", uploads::begin)
                .on("POST", "/v2/{name:.*}/blobs/uploads", uploads::begin)
                .on("PATCH", "/v2/{name:.*}/blobs/uploads/{id}", uploads::append)
                .on("PUT", "/v2/{name:.*}/blobs/uploads/{id}", uploads::finish)
                .on("GET", "/v2/{name:.*}/blobs/uploads/{id}", uploads::status)
                .on("DELETE", "/v2/{name:.*}/blobs/uploads/{id}", uploads::cancel)
                .on("GET", "/v2/{name:.*}/blobs/{digest}", blobs::get)
                .on("DELETE", "/v2/{name:.*}/blobs/{digest}", blobs::delete)
                .on("GET", "/v2/{name:.*}/manifests/{reference}", manifests::get)
                .on("PUT", "/v2/{name:.*}/manifests/{reference}", manifests::put)
                .on("DELETE", "/v2/{name:.*}/manifests/{reference}", manifests::delete)
                .methodNotAllowed(exchange -> {
                    throw ApiError.unsupported();
                });
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        var request = exchange.request();
        var response = exchange.response();
        response.header("Docker-Distribution-Api-Version", "registry/2.0").header("X-Content-Type-Options", "nosniff");
        headers.forEach(response::header);
        try {
            if (!request.rawPath().equals("/")) {
                access.check(exchange);
            }
            boolean reads = request.method().equals("GET") || request.isHead();
            if (readOnly && !reads) {
                throw ApiError.unsupported();
            }
            router.handle(exchange);
        } catch (ApiError e) {
            refuse(exchange, e);
        } catch (IOException e) {
            if (response.committed()) {
                throw e;
            }
            log.error("{} {}: {}", request.method(), request.rawPath(), e.getMessage());
            refuse(exchange, new ApiError(500, "UNKNOWN", "unknown error"));
        }
        log.info("{} {} {} {}", request.method(), request.rawPath(), response.status(), response.bytesSent());
    }

    private static void refuse(Exchange exchange, ApiError e) throws IOException {
        exchange.response().status(e.status()).send(JSON, Json.error(e.code(), String.valueOf(e.getMessage())));
    }
}
