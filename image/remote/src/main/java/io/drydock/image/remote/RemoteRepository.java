package io.drydock.image.remote;

import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One repository of a registry, reached at a list of endpoints. Pulls ask them in order, mirrors first, and take the first
 * that has what is asked for; pushes go to the registry itself. Blocks the caller; safe for use by many threads.
 */
public final class RemoteRepository implements AutoCloseable {
    /** What a hostile registry can make of a list of tags. */
    private static final int LONGEST_LIST = 32 << 20;

    private static final int MOST_PAGES = 1000;

    private final List<RegistryHttp> endpoints;
    private final String path;

    /**
     * @param endpoints at least one; those that are mirrors are asked for pulls only, and without the credentials
     * @param path the repository's name inside the registry, such as {@code library/busybox}
     */
    public RemoteRepository(List<Endpoint> endpoints, String path, Credentials credentials) throws IOException {
        var all = new ArrayList<RegistryHttp>();
        for (var endpoint : endpoints) {
            all.add(new RegistryHttp(endpoint, endpoint.mirror() ? Credentials.ANONYMOUS : credentials));
        }
        this.endpoints = List.copyOf(all);
        this.path = path;
    }

    /** The name inside the registry. */
    public String path() {
        return path;
    }

    /**
     * The manifest or index of a tag or digest, its digest checked.
     *
     * @throws RegistryException NOT_FOUND when no endpoint has it
     */
    public FetchedManifest manifest(String reference) throws IOException {
        return firstThatHas(http -> ManifestFetch.get(http, path, reference));
    }

    /**
     * A blob from an offset on. The stream takes up broken connections where they broke; reading its end means that size
     * and (from offset 0) digest are right. The caller closes it.
     *
     * @param size in bytes, or -1 if unknown
     */
    public InputStream blob(String digest, long size, long offset) throws IOException {
        return blob(digest, size, offset, BlobFetch.RESUMPTIONS + 1);
    }

    /** The same with so many attempts, at least one, at a connection that breaks. */
    public InputStream blob(String digest, long size, long offset, int attempts) throws IOException {
        return firstThatHas(http -> new BlobFetch(http, path, digest, size, offset, attempts - 1));
    }

    /**
     * The digest that a tag stands for, without fetching the manifest; empty if the registry does not say.
     *
     * @throws RegistryException NOT_FOUND when no endpoint has it
     */
    public String digest(String tag) throws IOException {
        return firstThatHas(http -> {
            RegistryHttp.Template template = () -> {
                var request = http.request("/v2/" + path + "/manifests/" + tag).HEAD();
                ManifestFetch.ACCEPTED.forEach(type -> request.header("Accept", type));
                return request;
            };
            var response = http.send(pullScope(path), template, 200);
            response.body().close();
            return response.headers().firstValue("Docker-Content-Digest").orElse("");
        });
    }

    /**
     * The size of a blob in bytes, -1 if the registry does not say.
     *
     * @throws RegistryException NOT_FOUND when no endpoint has it
     */
    public long blobSize(String digest) throws IOException {
        return firstThatHas(http -> {
            var response = http.send(
                    pullScope(path),
                    () -> http.request("/v2/" + path + "/blobs/" + digest).HEAD(),
                    200);
            response.body().close();
            return response.headers().firstValueAsLong("Content-Length").orElse(-1);
        });
    }

    /** Where a blob's bytes come from: called with the offset to begin at, and perhaps again after a failure. */
    @FunctionalInterface
    public interface BlobSource {
        InputStream open(long offset) throws IOException;
    }

    /** How a pushed blob came to be in the repository. */
    public enum Pushed {
        EXISTED,
        MOUNTED,
        UPLOADED
    }

    /**
     * Puts a blob into the repository unless it is there.
     *
     * @param from another repository of the registry that may have it, or an empty string
     * @param progress told how many bytes have been sent
     */
    public Pushed pushBlob(String digest, long size, String from, BlobSource source, LongConsumer progress)
            throws IOException {
        return switch (new BlobPush(registry(), path).push(digest, size, from, source::open, progress)) {
            case EXISTS -> Pushed.EXISTED;
            case MOUNTED -> Pushed.MOUNTED;
            case UPLOADED -> Pushed.UPLOADED;
        };
    }

    /** Puts a manifest or index under a tag or its digest. Its blobs and manifests must be there. */
    public void pushManifest(String reference, String mediaType, byte[] bytes) throws IOException {
        var http = registry();
        http.send(
                        pushScope(path),
                        () -> http.request("/v2/" + path + "/manifests/" + reference)
                                .header("Content-Type", mediaType)
                                .PUT(HttpRequest.BodyPublishers.ofByteArray(bytes)),
                        201,
                        202)
                .body()
                .close();
    }

    /** All tags, in the registry's order. */
    public List<String> tags() throws IOException {
        return firstThatHas(http -> {
            var tags = new ArrayList<String>();
            var next = "/v2/" + path + "/tags/list?n=1000";
            for (int pages = 0; !next.isEmpty(); pages++) {
                if (pages == MOST_PAGES) {
                    throw new RegistryException(
                            RegistryException.Kind.UNEXPECTED, "the list of the tags of " + path + " does not end");
                }
                var page = next;
                var response =
                        http.send(pullScope(path), () -> http.request(page).GET(), 200);
                try (var body = response.body()) {
                    var bytes = body.readNBytes(LONGEST_LIST + 1);
                    if (bytes.length > LONGEST_LIST) {
                        throw new RegistryException(
                                RegistryException.Kind.UNEXPECTED,
                                "a page of the tags of " + path + " is larger than 32 MiB");
                    }
                    if (Jsonb.instance().type(Object.class).fromJson(bytes) instanceof Map<?, ?> document
                            && document.get("tags") instanceof List<?> names) {
                        names.forEach(name -> tags.add(String.valueOf(name)));
                    }
                }
                next = nextPage(response.headers().firstValue("Link").orElse(""));
            }
            return tags;
        });
    }

    /** The address in {@code <…>; rel="next"}, or an empty string. */
    private static String nextPage(String link) {
        int begin = link.indexOf('<');
        int end = link.indexOf('>');
        return begin >= 0 && end > begin && link.contains("next") ? link.substring(begin + 1, end) : "";
    }

    private interface Step<T> {
        T at(RegistryHttp http) throws IOException;
    }

    private <T> T firstThatHas(Step<T> step) throws IOException {
        IOException last = null;
        for (var http : endpoints) {
            try {
                return step.at(http);
            } catch (IOException e) {
                if (!http.endpoint().mirror()) {
                    throw answered(last) && !answered(e) ? last : e;
                }
                last = e;
            }
        }
        throw last != null ? last : new IOException("no endpoint for " + path);
    }

    /** Whether a registry said so itself; what a mirror said tells more than that the registry cannot be reached. */
    private static boolean answered(@Nullable IOException failure) {
        return failure instanceof RegistryException;
    }

    private RegistryHttp registry() throws IOException {
        for (var http : endpoints) {
            if (!http.endpoint().mirror()) {
                return http;
            }
        }
        throw new IOException("no endpoint to push " + path + " to");
    }

    static String pullScope(String repository) {
        return "repository:" + repository + ":pull";
    }

    static String pushScope(String repository) {
        return "repository:" + repository + ":pull,push";
    }

    @Override
    public void close() {
        endpoints.forEach(RegistryHttp::close);
    }
}
