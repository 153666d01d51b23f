package io.drydock.image.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts a blob into a repository, unless it is there: asks, then borrows it from another repository, then uploads. An upload that is cut
 * off goes on where the registry has it.
 */
final class BlobPush {
    /** Opens the blob's bytes at an offset; called again when an upload goes on or begins again. */
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
    private static final Pattern RANGE = Pattern.compile("(?:bytes=)?0-(\\d+)");

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
     * @param progress told the number of bytes sent so far, counted again from where the upload goes on
     */
    Outcome push(String digest, long size, String from, Source source, LongConsumer progress) throws IOException {
        if (exists(digest)) {
            return Outcome.EXISTS;
        }
        if (!from.isEmpty() && mount(digest, from)) {
            return Outcome.MOUNTED;
        }
        Session session = null;
        for (int attempt = 1; ; attempt++) {
            try {
                if (session == null) {
                    session = begin();
                }
                upload(session, digest, size, source, progress);
                return Outcome.UPLOADED;
            } catch (RegistryException e) {
                if (session == null || session.sent == 0) {
                    throw e;
                }
                session = null; // what had come of it is not there any more: from the beginning
            } catch (IOException e) {
                if (attempt >= ATTEMPTS || Thread.currentThread().isInterrupted()) {
                    throw new IOException("push " + digest + ": " + e.getMessage(), e);
                }
                session = session == null ? null : asked(session);
            }
        }
    }

    /**
     * An upload that has begun.
     *
     * @param sent how many bytes the registry has
     */
    private record Session(String location, long sent) {}

    /** What the registry has of an upload that was cut off; null if it does not know. */
    private @Nullable Session asked(Session session) {
        try {
            var status = http.send(scope, () -> http.request(session.location).GET(), 204, 202, 200);
            status.body().close();
            var range = RANGE.matcher(status.headers().firstValue("Range").orElse(""));
            // "0-0" is an empty upload to some, and one byte to others
            if (!range.matches() || range.group(1).equals("0")) {
                return null;
            }
            var location = status.headers().firstValue("Location").orElse(session.location);
            return new Session(location, Long.parseLong(range.group(1)) + 1);
        } catch (IOException e) {
            return null;
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

    private Session begin() throws IOException {
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
        return new Session(location, 0);
    }

    private void upload(Session session, String digest, long size, Source source, LongConsumer progress)
            throws IOException {
        long sent = session.sent;
        var location = session.location;
        var patched = http.send(
                scope,
                () -> {
                    var request = http.request(location)
                            .header("Content-Type", "application/octet-stream")
                            .method("PATCH", body(sent, size, source, progress));
                    return sent == 0 ? request : request.header("Content-Range", sent + "-" + (size - 1));
                },
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

    private static HttpRequest.BodyPublisher body(long sent, long size, Source source, LongConsumer progress) {
        var stream = HttpRequest.BodyPublishers.ofInputStream(() -> {
            try {
                return new Counted(source.open(sent), sent, progress);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return size > sent
                ? HttpRequest.BodyPublishers.fromPublisher(stream, size - sent)
                : HttpRequest.BodyPublishers.noBody();
    }

    private static final class Counted extends java.io.FilterInputStream {
        private final LongConsumer progress;
        private long count;

        Counted(InputStream in, long count, LongConsumer progress) {
            super(in);
            this.count = count;
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
