package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.http.Response;
import io.drydock.registry.storage.Blobs;
import io.drydock.registry.storage.driver.Driver;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.time.Duration;

/** Blobs: GET (whole or a range), HEAD, DELETE. */
final class BlobRoutes {
    /** How long an address in the storage is good for. */
    private static final Duration REDIRECT = Duration.ofMinutes(20);

    private final Blobs blobs;
    private final Notifications notifications;
    private final boolean deletes;
    private final boolean redirects;

    /**
     * @param deletes whether blobs may be deleted
     * @param redirects whether clients may be sent to the storage
     */
    BlobRoutes(Blobs blobs, Notifications notifications, boolean deletes, boolean redirects) {
        this.blobs = blobs;
        this.notifications = notifications;
        this.deletes = deletes;
        this.redirects = redirects;
    }

    void get(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        var digest = Call.digest(exchange.path("digest"));
        if (exchange.request().isHead()) {
            // a pusher asks before it leaves the blob out: garbage collection must not take it before the manifest
            // comes
            blobs.has(repository, digest);
        }
        if (redirects && redirect(exchange, repository, digest)) {
            return;
        }
        try (var blob = blobs.open(repository, digest).orElseThrow(() -> ApiError.blobUnknown(digest))) {
            var response = exchange.response();
            describe(response, digest);
            if (("\"" + digest + "\"").equals(exchange.request().header("If-None-Match"))) {
                response.status(304);
                return;
            }
            notifications.blob(exchange, "pull", repository, digest, blob.size());
            send(exchange, blob);
        }
    }

    /** Sends the client to the storage, if it serves clients; false if it does not. */
    private boolean redirect(Exchange exchange, String repository, Digest digest) throws IOException {
        var method = exchange.request().isHead() ? "HEAD" : "GET";
        var address = blobs.redirect(repository, digest, method, REDIRECT);
        if (address.isEmpty()) {
            return false;
        }
        if (notifications.isWanted()) {
            notifications.blob(exchange, "pull", repository, digest, blobs.size(digest));
        }
        exchange.response()
                .status(307)
                .header("Location", address.get().toString())
                .header("Docker-Content-Digest", digest.toString())
                .send(new byte[0]);
        return true;
    }

    /** The headers of a blob. */
    static Response describe(Response response, Digest digest) {
        return response.header("Docker-Content-Digest", digest.toString())
                .header("ETag", "\"" + digest + "\"")
                .header("Content-Type", "application/octet-stream")
                .header("Cache-Control", "max-age=31536000")
                .header("Accept-Ranges", "bytes");
    }

    private static void send(Exchange exchange, Driver.Content blob) throws IOException {
        long size = blob.size();
        var range = exchange.request().header("Range");
        if (range == null || !range.startsWith("bytes=") || range.indexOf(',') > 0) {
            send(exchange, blob, 0, size);
            return;
        }
        var ends = range.substring(6).split("-", 2);
        Long first = ends[0].isBlank() ? null : Call.number(ends[0]);
        Long last = ends.length < 2 || ends[1].isBlank() ? null : Call.number(ends[1]);
        // bytes=-5: the last five
        long begin = first != null ? first : last == null ? size : Math.max(0, size - last);
        long end = first == null || last == null ? size - 1 : Math.min(last, size - 1);
        if (begin > end || begin >= size) {
            exchange.response().header("Content-Range", "bytes */" + size);
            throw new ApiError(416, "RANGE_INVALID", "the requested range cannot be satisfied");
        }
        exchange.response().status(206).header("Content-Range", "bytes " + begin + "-" + end + "/" + size);
        send(exchange, blob, begin, end - begin + 1);
    }

    private static void send(Exchange exchange, Driver.Content blob, long offset, long count) throws IOException {
        var file = blob.file();
        if (file.isPresent()) {
            exchange.response().sendFile(file.get(), offset, count);
            return;
        }
        var out = exchange.response().header("Content-Length", Long.toString(count)).stream();
        if (!exchange.request().isHead()) {
            try (var in = blob.stream(offset, count)) {
                in.transferTo(out);
            }
        }
        out.close();
    }

    void delete(Exchange exchange) throws IOException {
        if (!deletes) {
            throw ApiError.unsupported();
        }
        var digest = Call.digest(exchange.path("digest"));
        var repository = Call.repository(exchange);
        if (!blobs.delete(repository, digest)) {
            throw ApiError.blobUnknown(digest);
        }
        notifications.deleted(exchange, repository, digest);
        exchange.response().status(202).send(new byte[0]);
    }
}
