package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.http.Response;
import io.drydock.registry.storage.Blobs;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** Blobs: GET (whole or a range), HEAD, DELETE. */
final class BlobRoutes {
    private final Blobs blobs;
    private final Notifications notifications;
    private final boolean deletes;

    /** @param deletes whether blobs may be deleted */
    BlobRoutes(Blobs blobs, Notifications notifications, boolean deletes) {
        this.blobs = blobs;
        this.notifications = notifications;
        this.deletes = deletes;
    }

    void get(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        var digest = Call.digest(exchange.path("digest"));
        if (exchange.request().isHead()) {
            // a pusher asks before it leaves the blob out: garbage collection must not take it before the manifest
            // comes
            blobs.has(repository, digest);
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

    /** The headers of a blob. */
    static Response describe(Response response, Digest digest) {
        return response.header("Docker-Content-Digest", digest.toString())
                .header("ETag", "\"" + digest + "\"")
                .header("Content-Type", "application/octet-stream")
                .header("Cache-Control", "max-age=31536000")
                .header("Accept-Ranges", "bytes");
    }

    private static void send(Exchange exchange, FileChannel blob) throws IOException {
        long size = blob.size();
        var range = exchange.request().header("Range");
        if (range == null || !range.startsWith("bytes=") || range.indexOf(',') > 0) {
            exchange.response().sendFile(blob, 0, size);
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
        exchange.response().sendFile(blob, begin, end - begin + 1);
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
