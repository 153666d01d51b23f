package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.registry.storage.Blobs;
import io.drydock.registry.storage.Names;
import io.drydock.registry.storage.Upload;
import io.drydock.registry.storage.Uploads;
import io.drydock.spec.oci.Digest;
import java.io.IOException;

/** Uploads: POST begins (or mounts, or sends all at once), PATCH appends, PUT ends, GET asks how far, DELETE cancels. */
final class UploadRoutes {
    private final Blobs blobs;
    private final Uploads uploads;
    private final Quotas quotas;
    private final Notifications notifications;
    private final Locations locations;

    UploadRoutes(Blobs blobs, Uploads uploads, Quotas quotas, Notifications notifications, Locations locations) {
        this.blobs = blobs;
        this.uploads = uploads;
        this.quotas = quotas;
        this.notifications = notifications;
        this.locations = locations;
    }

    void begin(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        var query = exchange.request().query();
        var mount = query.get("mount", "");
        var from = query.get("from", "");
        if (!mount.isEmpty()) {
            var digest = Call.digest(mount);
            boolean there =
                    blobs.has(repository, digest) || Names.isRepository(from) && mount(repository, from, digest);
            if (there) {
                if (notifications.isWanted()) {
                    notifications.mounted(exchange, repository, from, digest, size(repository, digest));
                }
                created(exchange, repository, digest);
                return;
            }
        }
        var whole = query.get("digest", "");
        if (whole.isEmpty()) {
            accepted(exchange, repository, uploads.begin(repository));
            return;
        }
        var digest = Call.digest(whole);
        var upload = uploads.begin(repository, digest);
        boolean complete = false;
        try {
            upload.append(0, exchange.request().body());
            complete = true;
        } finally {
            if (!complete) {
                // nobody was told where to go on
                upload.cancel();
            }
        }
        finish(exchange, repository, upload, digest);
    }

    private boolean mount(String repository, String from, Digest digest) throws IOException {
        return blobs.has(from, digest)
                && quotas.admit(repository, digest, blobs.size(digest), () -> blobs.mount(repository, from, digest));
    }

    private Upload find(Exchange exchange) throws IOException {
        return uploads.find(Call.repository(exchange), exchange.path("id")).orElseThrow(ApiError::uploadUnknown);
    }

    void append(Exchange exchange) throws IOException {
        var upload = find(exchange);
        receive(exchange, upload);
        accepted(exchange, Call.repository(exchange), upload);
    }

    /** Takes the body; a chunk that says where it begins must begin where the session is. */
    private void receive(Exchange exchange, Upload upload) throws IOException {
        var range = exchange.request().header("Content-Range");
        long offset = -1;
        if (range != null) {
            // clients write "0-99", and some "bytes=0-99" or "bytes 0-99/100"
            var numbers = range.replaceFirst("^bytes[ =]", "");
            Long begin = Call.number(numbers.substring(0, Math.max(0, numbers.indexOf('-'))));
            offset = begin == null ? -1 : begin;
        }
        if (!upload.append(offset, exchange.request().body())) {
            describe(exchange, Call.repository(exchange), upload);
            throw new ApiError(416, "RANGE_INVALID", "invalid content range");
        }
    }

    void finish(Exchange exchange) throws IOException {
        var digest = Call.digest(exchange.request().query().get("digest", ""));
        var upload = find(exchange);
        if (exchange.request().contentLength() != 0) {
            receive(exchange, upload);
        }
        finish(exchange, Call.repository(exchange), upload, digest);
    }

    private void finish(Exchange exchange, String repository, Upload upload, Digest digest) throws IOException {
        boolean admitted = false;
        boolean right;
        try {
            right = quotas.admit(repository, digest, upload.size(), () -> upload.finish(digest));
            admitted = true;
        } finally {
            if (!admitted) {
                upload.cancel();
            }
        }
        if (!right) {
            throw ApiError.digestInvalid("not the digest of what came: " + digest);
        }
        if (notifications.isWanted()) {
            notifications.blob(exchange, "push", repository, digest, size(repository, digest));
        }
        created(exchange, repository, digest);
    }

    private long size(String repository, Digest digest) throws IOException {
        try (var blob = blobs.open(repository, digest).orElse(null)) {
            return blob == null ? 0 : blob.size();
        }
    }

    void status(Exchange exchange) throws IOException {
        describe(exchange, Call.repository(exchange), find(exchange));
        exchange.response().status(204);
    }

    void cancel(Exchange exchange) throws IOException {
        find(exchange).cancel();
        exchange.response().status(204);
    }

    private void created(Exchange exchange, String repository, Digest digest) throws IOException {
        exchange.response()
                .status(201)
                .header("Location", locations.blob(exchange, repository, digest))
                .header("Docker-Content-Digest", digest.toString())
                .send(new byte[0]);
    }

    private void accepted(Exchange exchange, String repository, Upload upload) throws IOException {
        describe(exchange, repository, upload);
        exchange.response().status(202).send(new byte[0]);
    }

    private void describe(Exchange exchange, String repository, Upload upload) throws IOException {
        exchange.response()
                .header("Location", locations.upload(exchange, repository, upload.id()))
                .header("Docker-Upload-UUID", upload.id())
                .header("Range", "0-" + Math.max(0, upload.size() - 1));
    }
}
