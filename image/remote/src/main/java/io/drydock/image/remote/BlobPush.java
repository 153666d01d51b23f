package io.drydock.image.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.util.function.LongConsumer;

/** Puts a blob into a repository, unless it is there: asks, then borrows it from another repository, then uploads. */
final class BlobPush {
    /** Opens the blob's bytes at an offset; called again when an upload has to begin again. */
    @FunctionalInterface
    interface Source {
        InputStream open(long offset) throws IOException;
    }

    /** How the blob came to be there. */
    enum Outcome {
        EXISTS,
        MOUNTED,
        UPLOADED
    }

    private static final int ATTEMPTS = 3;

    private final RegistryHttp http;
    private final String repository;
    private final String scope;

    BlobPush(RegistryHttp http, String repository) {
        this.http = http;
        this.repository = repository;
        this.scope = RemoteRepository.pushScope(repository);
    }

    boolean exists(String digest) throws IOException {
        var response = http.send(
                scope,
                () -> http.request("/v2/" + repository + "/blobs/" + digest)
                        .method("HEAD", HttpRequest.BodyPublishers.noBody()),
                200,
                404);
        response.body().close();
        return response.statusCode() == 200;
    }

    /**
     * @param from another repository of the same registry that may have the blob, or an empty string
     * @param progress told the number of bytes sent so far, counted again from 0 when the upload has to begin again
     */
    Outcome push(String digest, long size, String from, Source source, LongConsumer progress) throws IOException {
        if (exists(digest)) {
            return Outcome.EXISTS;
        }
        if (!from.isEmpty() && mount(digest, from)) {
            return Outcome.MOUNTED;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                upload(digest, size, source, progress);
                return Outcome.UPLOADED;
            } catch (RegistryException e) {
                throw e;
            } catch (IOException e) {
                if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
                    throw new IOException("push " + digest + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private boolean mount(String digest, String from) throws IOException {
        var response = http.send(
                scope + " " + RemoteRepository.pullScope(from),
                () -> http.request("/v2/" + repository + "/blobs/uploads/?mount=" + digest + "&from=" + from)
                        .POST(HttpRequest.BodyPublishers.noBody()),
                201,
                202);
        response.body().close();
        if (response.statusCode() == 202) {
            // the registry would not lend it and has begun an upload instead, which nobody will end
            var location = response.headers().firstValue("Location");
            if (location.isPresent()) {
                http.send(scope, () -> http.request(location.get()).DELETE(), 204, 202, 404, 405)
                        .body()
                        .close();
            }
        }
        return response.statusCode() == 201;
    }

    private void upload(String digest, long size, Source source, LongConsumer progress) throws IOException {
        var begun = http.send(
                scope,
                () -> http.request("/v2/" + repository + "/blobs/uploads/").POST(HttpRequest.BodyPublishers.noBody()),
                202);
        begun.body().close();
        var location = begun.headers()
                .firstValue("Location")
                .orElseThrow(() -> new RegistryException(
                        RegistryException.Kind.UNEXPECTED,
                        http.endpoint().authority() + " began an upload without saying where"));
        var patched = http.send(
                scope,
                () -> http.request(location)
                        .header("Content-Type", "application/octet-stream")
                        .method("PATCH", body(size, source, progress)),
                202,
                201,
                204);
        patched.body().close();
        var end = patched.headers().firstValue("Location").orElse(location);
        http.send(
                        scope,
                        () -> http.request(end + (end.indexOf('?') < 0 ? "?" : "&") + "digest=" + digest)
                                .PUT(HttpRequest.BodyPublishers.noBody()),
                        201,
                        204)
                .body()
                .close();
    }

    private static HttpRequest.BodyPublisher body(long size, Source source, LongConsumer progress) {
        var stream = HttpRequest.BodyPublishers.ofInputStream(() -> {
            try {
                return new Counted(source.open(0), progress);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return size > 0 ? HttpRequest.BodyPublishers.fromPublisher(stream, size) : HttpRequest.BodyPublishers.noBody();
    }

    private static final class Counted extends java.io.FilterInputStream {
        private final LongConsumer progress;
        private long count;

        Counted(InputStream in, LongConsumer progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = super.read(buffer, offset, length);
            if (n > 0) {
                count += n;
                progress.accept(count);
            }
            return n;
        }
    }
}
