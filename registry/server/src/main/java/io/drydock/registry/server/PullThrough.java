package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.image.remote.Credentials;
import io.drydock.image.remote.Endpoint;
import io.drydock.image.remote.RegistryException;
import io.drydock.image.remote.RemoteRepository;
import io.drydock.registry.storage.References;
import io.drydock.registry.storage.Storage;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache of other registries. What is asked for is fetched from there and kept; who asks for a blob that is being fetched
 * gets it from the same fetch, as it comes. A tag is looked up there each time; if that fails, what it stood for is served.
 */
final class PullThrough implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PullThrough.class);
    /** Connections to the upstream are kept for so many repositories. */
    private static final int MOST_REPOSITORIES = 500;

    private final Storage storage;
    private final ProxySettings settings;
    private final Map<String, RemoteRepository> remotes = new ConcurrentHashMap<>();
    private final Map<String, BlobRelay> relays = new ConcurrentHashMap<>();

    PullThrough(Storage storage, ProxySettings settings) {
        this.storage = storage;
        this.settings = settings;
    }

    private RemoteRepository remote(String repository) throws IOException {
        if (remotes.size() > MOST_REPOSITORIES) {
            remotes.clear();
        }
        var upstream = settings.of(repository);
        if (upstream == null) {
            throw ApiError.nameUnknown(repository);
        }
        try {
            return remotes.computeIfAbsent(repository, name -> {
                try {
                    return new RemoteRepository(
                            List.of(new Endpoint(upstream.remote(), false, null, false)),
                            name.substring(upstream.folder().length()),
                            credentials(upstream));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * The path of a request, by which it is routed: behind the upstream's name if it names one.
     *
     * @param path without a prefix, percent-encoded
     */
    String path(Exchange exchange, String path) {
        var namespace = exchange.request().query().get("ns", "");
        // who has one upstream only means it, whatever its clients call it
        if (namespace.isEmpty() || settings.others().isEmpty() || !path.startsWith("/v2/") || path.equals("/v2/")) {
            return path;
        }
        var upstream = settings.named(namespace);
        if (upstream == null) {
            throw ApiError.nameUnknown(namespace);
        }
        exchange.response().header("OCI-Namespace", namespace);
        return "/v2/" + upstream.folder() + path.substring(4);
    }

    private static Credentials credentials(ProxySettings.Upstream upstream) {
        return upstream.user().isEmpty()
                ? Credentials.ANONYMOUS
                : new Credentials.UserPassword(upstream.user(), upstream.password());
    }

    /** Sees to it that a manifest is here, or is not because the upstream has none, before a route looks. */
    void manifest(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        var reference = exchange.path("reference");
        if (reference.indexOf(':') > 0) {
            var digest = Call.digest(reference);
            if (!storage.manifests().has(repository, digest)) {
                fetch(repository, reference, List.of());
            }
        } else {
            tag(repository, reference);
        }
    }

    private void tag(String repository, String tag) throws IOException {
        var known = storage.manifests().tagged(repository, tag);
        try {
            var digest = remote(repository).digest(tag);
            if (known.isEmpty()
                    || !known.get().toString().equals(digest)
                    || !storage.manifests().has(repository, known.get())) {
                fetch(repository, tag, List.of(tag));
            }
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                storage.manifests().deleteTag(repository, tag);
            } else {
                stale(known.isPresent(), repository, tag, e);
            }
        } catch (IOException e) {
            stale(known.isPresent(), repository, tag, e);
        }
    }

    private void stale(boolean known, String repository, String tag, IOException failure) {
        if (!known) {
            throw unavailable(failure);
        }
        log.warn("{}:{} is served as it was: {}", repository, tag, failure.getMessage());
    }

    private static ApiError unavailable(IOException failure) {
        log.error("upstream: {}", failure.getMessage());
        if (failure instanceof RegistryException e) {
            switch (e.kind()) {
                case TOO_MANY_REQUESTS -> {
                    return new ApiError(429, "TOOMANYREQUESTS", "the upstream registry has had too many requests");
                }
                case UNAUTHORIZED, DENIED -> {
                    return ApiError.denied();
                }
                default -> {
                    return new ApiError(
                            502,
                            "UNAVAILABLE",
                            "the upstream registry failed",
                            Json.text(String.valueOf(e.getMessage())));
                }
            }
        }
        return new ApiError(
                502,
                "UNAVAILABLE",
                "the upstream registry cannot be reached",
                Json.text(String.valueOf(failure.getMessage())));
    }

    private void fetch(String repository, String reference, List<String> tags) throws IOException {
        try {
            var fetched = remote(repository).manifest(reference);
            storage.manifests()
                    .put(
                            repository,
                            Digest.parse(fetched.digest()),
                            fetched.bytes(),
                            List.of(),
                            References.of(fetched.bytes()).manifests(),
                            tags);
        } catch (RegistryException e) {
            if (e.kind() != RegistryException.Kind.NOT_FOUND) {
                if (tags.isEmpty()) {
                    throw unavailable(e);
                }
                throw e;
            }
        } catch (IllegalArgumentException e) {
            throw unavailable(new IOException("the upstream's manifest cannot be read: " + e.getMessage(), e));
        }
    }

    /**
     * Serves a blob from the upstream while it comes, or sees to it that it is here.
     *
     * @return whether the exchange is answered; if not, a route serves what is here, or says that nothing is
     */
    boolean blob(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        var digest = Call.digest(exchange.path("digest"));
        if (storage.blobs().has(repository, digest)) {
            return false;
        }
        long size;
        try {
            size = remote(repository).blobSize(digest.toString());
        } catch (RegistryException e) {
            if (e.kind() == RegistryException.Kind.NOT_FOUND) {
                return false;
            }
            throw unavailable(e);
        } catch (IOException e) {
            throw unavailable(e);
        }
        // another repository may have brought it; that this one has it, too, the upstream has just said
        if (storage.blobs().adopt(repository, digest)) {
            return false;
        }
        if (exchange.request().isHead() && size >= 0) {
            BlobRoutes.describe(exchange.response(), digest).header("Content-Length", Long.toString(size));
            exchange.response().stream().close();
            return true;
        }
        var relay = relay(repository, digest, size);
        if (size < 0 || exchange.request().header("Range") != null) {
            relay.await();
            return false;
        }
        BlobRoutes.describe(exchange.response(), digest);
        return relay.send(exchange.response());
    }

    private BlobRelay relay(String repository, Digest digest, long size) {
        var key = repository + "@" + digest;
        return relays.computeIfAbsent(key, ignored -> {
            var relay = new BlobRelay(digest, size);
            Thread.ofVirtual().name("relay").start(() -> {
                try {
                    relay.run(storage.uploads(), repository, remote(repository));
                } catch (IOException e) {
                    relay.fail(e);
                } finally {
                    relays.remove(key);
                }
            });
            return relay;
        });
    }

    /** The upstream's tags, or if it fails those that are here. */
    void tags(Exchange exchange, ListRoutes lists) throws IOException {
        var repository = Call.repository(exchange);
        try {
            lists.tags(exchange, remote(repository).tags().stream().sorted().toList());
        } catch (IOException e) {
            if (e instanceof RegistryException refusal && refusal.kind() == RegistryException.Kind.NOT_FOUND) {
                throw ApiError.nameUnknown(repository);
            }
            stale(storage.manifests().tags(repository).isPresent(), repository, "*", e);
            lists.tags(exchange);
        }
    }

    @Override
    public void close() {
        remotes.values().forEach(RemoteRepository::close);
    }
}
