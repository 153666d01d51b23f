package io.drydock.registry.server;

import io.drydock.registry.storage.Blobs;
import io.drydock.spec.oci.Digest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * How many bytes of blobs a repository may have. Blobs come into a repository with a quota one after the other, so that no two
 * of them share the same room.
 */
final class Quotas {
    private final List<Quota> quotas;
    private final Blobs blobs;
    private final ConcurrentHashMap<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    Quotas(List<Quota> quotas, Blobs blobs) {
        this.quotas = List.copyOf(quotas);
        this.blobs = blobs;
    }

    /**
     * For each of the repositories that match.
     *
     * @param bytes of all its blobs together, those included that it shares with others
     */
    record Quota(List<Pattern> repositories, long bytes) {
        boolean isFor(String repository) {
            return repositories.stream()
                    .anyMatch(pattern -> pattern.matcher(repository).matches());
        }

        static Quota of(ConfigNode node) {
            node.only(List.of("repositories", "size"));
            var patterns = node.texts("repositories").stream()
                    .map(AccessRules::pattern)
                    .toList();
            if (patterns.isEmpty()) {
                throw new IllegalArgumentException("configuration: " + node.path() + "repositories is empty");
            }
            return new Quota(patterns, node.bytes("size"));
        }
    }

    /** What brings a blob into a repository. */
    interface Arrival<T> {
        T run() throws IOException;
    }

    /**
     * Lets a blob in, if there is room.
     *
     * @param size of the blob, in bytes
     * @throws ApiError DENIED if there is none; nothing was run then
     */
    <T> T admit(String repository, Digest digest, long size, Arrival<T> arrival) throws IOException {
        // the first that matches counts
        var quota = quotas.stream().filter(some -> some.isFor(repository)).findFirst();
        if (quota.isEmpty()) {
            return arrival.run();
        }
        var lock = locks.computeIfAbsent(repository, name -> new ReentrantLock());
        lock.lock();
        try {
            if (!blobs.has(repository, digest) && blobs.usage(repository) + size > quota.get().bytes) {
                throw new ApiError(
                        403,
                        "DENIED",
                        "the repository's quota is exceeded",
                        "{\"quota\":" + quota.get().bytes + ",\"used\":" + blobs.usage(repository) + "}");
            }
            return arrival.run();
        } finally {
            lock.unlock();
        }
    }
}
