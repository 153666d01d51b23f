package io.drydock.registry.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Where things are kept and what is cleared away: the part {@code storage} of the configuration.
 *
 * @param kind of driver
 * @param root the directory of the filesystem driver, and for other kinds of what the process itself keeps
 * @param parameters of a driver that is neither a directory nor memory
 * @param redirects whether clients may be sent to the storage for blobs, if it can serve them
 * @param deletes whether blobs and manifests may be deleted
 * @param readOnly whether nothing may be written
 * @param purging of abandoned uploads, if it is wanted
 * @param collecting of garbage while the registry serves, if it is wanted
 * @param quotas how much repositories may hold
 * @param scrubbing of blobs while the registry serves, if it is wanted
 */
record StorageSettings(
        String kind,
        Path root,
        Map<String, String> parameters,
        boolean redirects,
        boolean deletes,
        boolean readOnly,
        Optional<Purging> purging,
        Optional<Collecting> collecting,
        List<Quotas.Quota> quotas,
        Optional<Scrubbing> scrubbing) {

    /**
     * Clearing away uploads that nobody goes on with.
     *
     * @param age after which one counts as abandoned
     * @param interval between two looks
     * @param dryRun whether only to log which
     */
    record Purging(Duration age, Duration interval, boolean dryRun) {}

    /**
     * Freeing what nothing refers to.
     *
     * @param interval between two collections
     * @param grace how long what was just uploaded stays without a reference
     * @param untagged whether manifests without a tag go, too
     */
    record Collecting(Duration interval, Duration grace, boolean untagged) {}

    /**
     * Looking for bit rot.
     *
     * @param interval between two looks
     * @param putAside whether damaged blobs are moved away, so that a push brings them back
     */
    record Scrubbing(Duration interval, boolean putAside) {}

    /** In an object store the time of a use is known to within an hour. */
    private static final Duration LEAST_GRACE = Duration.ofHours(2);

    private static final List<String> KINDS = List.of("filesystem", "inmemory", "s3");
    /** What is beside the driver's kind. */
    private static final List<String> OTHERS =
            List.of("delete", "maintenance", "cache", "redirect", "tag", "quotas", "local");

    /** Where it is. */
    List<Object> place() {
        return List.of(kind, root, parameters);
    }

    /** What the registry does by itself, which begins with it. */
    List<Object> maintenance() {
        return List.of(readOnly, purging, collecting, scrubbing);
    }

    static StorageSettings of(ConfigNode storage) {
        var kinds =
                storage.names().stream().filter(name -> !OTHERS.contains(name)).toList();
        for (var name : kinds) {
            if (!KINDS.contains(name)) {
                throw new IllegalArgumentException("StorageDriver not registered: " + name);
            }
        }
        if (kinds.size() > 1) {
            throw new IllegalArgumentException(
                    "must provide exactly one storage type. Provided: " + String.join(", ", kinds));
        }
        var kind = kinds.isEmpty() ? "filesystem" : kinds.getFirst();
        storage.node("filesystem").only(List.of("rootdirectory", "maxthreads"));
        storage.node("inmemory").only(List.of());
        if (kind.equals("filesystem") && storage.has("local")) {
            throw new IllegalArgumentException("configuration: storage.local is for storage that is no directory");
        }
        storage.node("redirect").only(List.of("disable"));
        var maintenance = storage.node("maintenance");
        maintenance.only(List.of("readonly", "uploadpurging", "garbagecollection", "scrub"));
        boolean readOnly = maintenance.node("readonly").flag("enabled");
        boolean deletes = storage.node("delete").flag("enabled");
        var collecting = collecting(maintenance.node("garbagecollection"), deletes);
        if (kind.equals("s3")
                && collecting.isPresent()
                && collecting.get().grace().compareTo(LEAST_GRACE) < 0) {
            throw new IllegalArgumentException(
                    "configuration: storage.maintenance.garbagecollection.grace: at least 2h in S3");
        }
        return new StorageSettings(
                kind,
                Path.of(
                        kind.equals("filesystem")
                                ? storage.node("filesystem").text("rootdirectory", "/var/lib/registry")
                                : storage.text("local", "/var/lib/registry")),
                kind.equals("s3") ? parameters(storage.node("s3")) : Map.of(),
                !storage.node("redirect").flag("disable"),
                deletes,
                readOnly,
                readOnly ? Optional.empty() : purging(maintenance.node("uploadpurging")),
                readOnly ? Optional.empty() : collecting,
                storage.nodes("quotas").stream().map(Quotas.Quota::of).toList(),
                scrubbing(maintenance.node("scrub"), readOnly));
    }

    private static Map<String, String> parameters(ConfigNode node) {
        var texts = new TreeMap<String, String>();
        for (var name : node.names()) {
            if (node.get(name) instanceof Map || node.get(name) instanceof List) {
                throw new IllegalArgumentException("configuration: storage.s3." + name + " is not a single value");
            }
            texts.put(name, node.text(name, ""));
        }
        return texts;
    }

    private static Optional<Scrubbing> scrubbing(ConfigNode node, boolean readOnly) {
        node.only(List.of("enabled", "interval", "putaside"));
        if (!node.flag("enabled")) {
            return Optional.empty();
        }
        boolean putAside = node.flag("putaside");
        if (putAside && readOnly) {
            throw new IllegalArgumentException(
                    "configuration: storage.maintenance.scrub.putaside: the storage is read-only");
        }
        return Optional.of(new Scrubbing(positive(node.duration("interval", Duration.ofDays(7))), putAside));
    }

    private static Optional<Purging> purging(ConfigNode node) {
        node.only(List.of("enabled", "age", "interval", "dryrun"));
        if (!node.flag("enabled", true)) {
            return Optional.empty();
        }
        return Optional.of(new Purging(
                node.duration("age", Duration.ofDays(7)),
                positive(node.duration("interval", Duration.ofDays(1))),
                node.flag("dryrun")));
    }

    private static Optional<Collecting> collecting(ConfigNode node, boolean deletes) {
        node.only(List.of("enabled", "interval", "grace", "untagged"));
        if (!node.flag("enabled", deletes)) {
            return Optional.empty();
        }
        return Optional.of(new Collecting(
                positive(node.duration("interval", Duration.ofHours(1))),
                node.duration("grace", Duration.ofHours(24)),
                node.flag("untagged")));
    }

    private static Duration positive(Duration interval) {
        if (interval.isZero() || interval.isNegative()) {
            throw new IllegalArgumentException("configuration: storage.maintenance: an interval must be longer than 0");
        }
        return interval;
    }
}
