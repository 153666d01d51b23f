package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.spec.oci.Digest;
import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.image.Descriptor;
import io.drydock.spec.oci.image.Index;
import io.drydock.spec.oci.image.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;

/**
 * Tells the configured end points what happens, in the events of Docker's registry. An event is on the disk before the request
 * that caused it is answered, so that a killed registry tells of it later.
 */
final class Notifications implements AutoCloseable {
    private static final long MOST_WAITING = 64L << 20;
    private static final String BLOB = "application/octet-stream";

    private final Path directory;
    private final String source;
    private volatile State state;

    /** What a reload changes. */
    private record State(boolean references, Locations locations, List<Subscriber> subscribers) {}

    /**
     * @param directory where outboxes are kept
     * @param address what the registry listens on; its port is told
     * @throws IOException if an outbox cannot be opened
     */
    Notifications(NotificationSettings settings, Path directory, Locations locations, String address)
            throws IOException {
        this.directory = directory;
        this.source = "{\"addr\":" + Json.text(host() + address.substring(address.lastIndexOf(':')))
                + ",\"instanceID\":\"" + UUID.randomUUID() + "\"}";
        this.state = new State(settings.references(), locations, List.of());
        prepare(settings, locations).run();
    }

    /**
     * Opens what other settings need.
     *
     * @return has them obeyed; an endpoint that keeps its name keeps its outbox
     * @throws IOException if an outbox cannot be opened; then nothing has changed
     */
    Runnable prepare(NotificationSettings settings, Locations locations) throws IOException {
        var before = state;
        var after = new ArrayList<Subscriber>();
        var turns = new ArrayList<Runnable>();
        var opened = new ArrayList<Subscriber>();
        boolean complete = false;
        try {
            for (var endpoint : settings.endpoints()) {
                var same = before.subscribers.stream()
                        .filter(known -> known.name().equals(endpoint.name()))
                        .findFirst();
                if (same.isPresent()) {
                    turns.add(() -> same.get().turnTo(endpoint));
                    after.add(same.get());
                } else {
                    var outbox = new Outbox(directory.resolve(endpoint.name()), MOST_WAITING);
                    opened.add(new Subscriber(endpoint, outbox));
                    after.add(opened.getLast());
                }
            }
            complete = true;
        } finally {
            if (!complete) {
                close(opened);
            }
        }
        return () -> {
            turns.forEach(Runnable::run);
            state = new State(settings.references(), locations, List.copyOf(after));
            close(before.subscribers.stream()
                    .filter(old -> !after.contains(old))
                    .toList());
        };
    }

    private static String host() {
        try {
            return java.nio.file.Files.readString(Path.of("/proc/sys/kernel/hostname"))
                    .strip();
        } catch (IOException e) {
            return "localhost";
        }
    }

    boolean isWanted() {
        return !state.subscribers.isEmpty();
    }

    /** A blob was pushed or pulled. */
    void blob(Exchange exchange, String action, String repository, Digest digest, long size) throws IOException {
        if (isWanted()) {
            var target = target(BLOB, size, digest, repository);
            target.add("\"url\":" + Json.text(state.locations.blob(exchange, repository, digest)));
            tell(exchange, action, BLOB, target);
        }
    }

    /** A blob was mounted. */
    void mounted(Exchange exchange, String repository, String from, Digest digest, long size) throws IOException {
        if (isWanted()) {
            var target = target(BLOB, size, digest, repository);
            target.add("\"fromRepository\":" + Json.text(from));
            target.add("\"url\":" + Json.text(state.locations.blob(exchange, repository, digest)));
            tell(exchange, "mount", BLOB, target);
        }
    }

    /**
     * A manifest was pushed or pulled.
     *
     * @param tag by which it was asked for; empty if by its digest
     */
    void manifest(Exchange exchange, String action, String repository, Digest digest, String tag, byte[] bytes)
            throws IOException {
        if (!isWanted()) {
            return;
        }
        String mediaType = ManifestRoutes.mediaType(bytes);
        var target = target(mediaType, bytes.length, digest, repository);
        target.add("\"url\":" + Json.text(state.locations.manifest(exchange, repository, digest)));
        if (!tag.isEmpty()) {
            target.add("\"tag\":" + Json.text(tag));
        }
        if (state.references) {
            target.add("\"references\":[" + referred(bytes) + "]");
        }
        tell(exchange, action, mediaType, target);
    }

    private static String referred(byte[] bytes) {
        var list = new StringJoiner(",");
        var manifest = OciJson.read(Manifest.class, bytes);
        if (manifest.config() != null) {
            list.add(descriptor(manifest.config()));
        }
        manifest.layers().forEach(layer -> list.add(descriptor(layer)));
        OciJson.read(Index.class, bytes).manifests().forEach(inner -> list.add(descriptor(inner)));
        return list.toString();
    }

    private static String descriptor(Descriptor descriptor) {
        return "{\"mediaType\":" + Json.text(String.valueOf(descriptor.mediaType())) + ",\"size\":" + descriptor.size()
                + ",\"digest\":" + Json.text(descriptor.digest().toString()) + "}";
    }

    /** A blob or a manifest was deleted. */
    void deleted(Exchange exchange, String repository, Digest digest) throws IOException {
        if (isWanted()) {
            var target = new StringJoiner(",", "{", "}");
            target.add("\"digest\":\"" + digest + "\"").add("\"repository\":" + Json.text(repository));
            tell(exchange, "delete", "", target);
        }
    }

    /** A repository was deleted with all that was in it. */
    void repositoryDeleted(Exchange exchange, String repository) throws IOException {
        if (isWanted()) {
            var target = new StringJoiner(",", "{", "}").add("\"repository\":" + Json.text(repository));
            tell(exchange, "delete", "", target);
        }
    }

    /** A tag was deleted, by itself or with its manifest. */
    void untagged(Exchange exchange, String repository, String tag) throws IOException {
        if (isWanted()) {
            var target = new StringJoiner(",", "{", "}");
            target.add("\"repository\":" + Json.text(repository)).add("\"tag\":" + Json.text(tag));
            tell(exchange, "delete", "", target);
        }
    }

    private static StringJoiner target(String mediaType, long size, Digest digest, String repository) {
        return new StringJoiner(",", "{", "}")
                .add("\"mediaType\":" + Json.text(mediaType))
                .add("\"size\":" + size)
                .add("\"digest\":\"" + digest + "\"")
                .add("\"length\":" + size)
                .add("\"repository\":" + Json.text(repository));
    }

    private void tell(Exchange exchange, String action, String mediaType, StringJoiner target) throws IOException {
        var request = exchange.request();
        String json = "{\"id\":\"" + UUID.randomUUID() + "\",\"timestamp\":\"" + Instant.now() + "\",\"action\":\""
                + action + "\",\"target\":" + target + ",\"request\":{\"id\":\"" + UUID.randomUUID() + "\",\"addr\":"
                + Json.text(request.peer().toString()) + ",\"host\":" + header(request.header("Host")) + ",\"method\":"
                + Json.text(request.method()) + ",\"useragent\":" + header(request.header("User-Agent"))
                + "},\"actor\":" + actor(exchange) + ",\"source\":" + source + "}";
        for (var subscriber : state.subscribers) {
            subscriber.tell(List.of(new Notice(action, mediaType, json)));
        }
    }

    private static String header(@org.jspecify.annotations.Nullable String value) {
        return Json.text(value == null ? "" : value);
    }

    private static String actor(Exchange exchange) {
        String user = Access.user(exchange);
        return user.isEmpty() ? "{}" : "{\"name\":" + Json.text(user) + "}";
    }

    private static void close(List<Subscriber> subscribers) {
        for (var subscriber : subscribers) {
            try {
                subscriber.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        close(state.subscribers);
    }
}
