package io.drydock.image.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A blob as a stream, if it is large by several connections. A connection that breaks is taken up again where it broke, a few times; at the end the size and the
 * digest of everything read are checked, so that a reader that sees the end of the stream has seen the blob. A stream that
 * begins behind the blob's start cannot check the digest: the caller, who has the beginning, does.
 */
final class BlobFetch extends InputStream {
    /** How often a connection that breaks is taken up again unless the caller says it. */
    static final int RESUMPTIONS = 4;

    /** What is at least so long, in bytes, is fetched in pieces, some at a time. */
    static final long LARGE = 8L << 20;

    private final RegistryHttp http;
    private final String path;
    private final String scope;
    private final String digest;
    private final long size;
    private final int resumptions;
    private final @Nullable DigestCheck check;
    private @Nullable InputStream body;
    private long position;
    private int failures;
    private boolean ended;

    BlobFetch(RegistryHttp http, String repository, String digest, long size, long offset, int resumptions)
            throws IOException {
        this.http = http;
        this.path = "/v2/" + repository + "/blobs/" + digest;
        this.scope = RemoteRepository.pullScope(repository);
        this.digest = digest;
        this.size = size;
        this.resumptions = resumptions;
        this.position = offset;
        this.check = offset == 0 ? DigestCheck.like(digest) : null;
        this.body = open();
    }

    private InputStream open() throws IOException {
        long from = position;
        boolean large = size - from >= LARGE;
        var response = large
                ? part(from, from + Pieces.SIZE)
                : from == 0 ? http.send(scope, () -> http.request(path).GET(), 200) : part(from, -1);
        if (response.statusCode() == 206) {
            return large ? new Pieces(response.body(), from, size, this::piece, http.roomForPieces()) : response.body();
        }
        return from == 0 ? response.body() : skip(response, from);
    }

    /** Asks for the bytes from one up to but without another; -1 for all that follow. */
    private HttpResponse<InputStream> part(long from, long to) throws IOException {
        var range = "bytes=" + from + "-" + (to < 0 ? "" : to - 1);
        return http.send(scope, () -> http.request(path).GET().header("Range", range), 200, 206);
    }

    private InputStream piece(long from, long to) throws IOException {
        var response = part(from, to);
        return response.statusCode() == 206 ? response.body() : skip(response, from);
    }

    /** A server that does not know ranges sends all: what is known already is read over. */
    private static InputStream skip(HttpResponse<InputStream> response, long count) throws IOException {
        response.body().skipNBytes(count);
        return response.body();
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            int n;
            try {
                n = body == null ? -1 : body.read(buffer, offset, length);
            } catch (IOException e) {
                resume(e);
                continue;
            }
            if (n < 0) {
                if (size >= 0 && position < size) {
                    resume(null);
                    continue;
                }
                end();
                return -1;
            }
            position += n;
            if (size >= 0 && position > size) {
                throw new RegistryException(
                        RegistryException.Kind.SIZE_MISMATCH,
                        "blob " + digest + " is longer than the " + size + " bytes expected");
            }
            if (check != null) {
                check.update(buffer, offset, n);
            }
            return n;
        }
        return -1;
    }

    private void resume(@Nullable IOException cause) throws IOException {
        close();
        if (++failures > resumptions) {
            throw new IOException(
                    "fetch " + digest + " from " + http.endpoint().authority() + ": connection lost after " + position
                            + " of " + size + " bytes: unexpected EOF",
                    cause);
        }
        RegistryHttp.pause(Duration.ofMillis(100L << failures));
        body = open();
    }

    private void end() throws IOException {
        ended = true;
        close();
        if (check != null) {
            var got = check.value();
            if (!got.equals(digest)) {
                throw new RegistryException(
                        RegistryException.Kind.DIGEST_MISMATCH,
                        "filesystem layer verification failed for digest " + digest + ": got " + got);
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (body != null) {
            body.close();
            body = null;
        }
    }
}
