package io.drydock.containerd.server.config;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A config.toml with all that it imports: what is read later goes before what was read earlier. */
final class ConfigFile {
    /** Lists of names that files add to; other lists replace each other. */
    private static final Set<String> GATHERED = Set.of("disabled_plugins", "required_plugins", "imports");

    private ConfigFile() {}

    /**
     * The files as one document of our version.
     *
     * @throws IOException when one cannot be read
     * @throws IllegalArgumentException when one is malformed or of a newer version
     */
    static Map<String, Object> load(Path file) throws IOException {
        Map<String, Object> merged = new LinkedHashMap<>();
        var seen = new HashSet<Path>();
        var waiting = new ArrayDeque<>(List.of(file.toAbsolutePath().normalize()));
        while (!waiting.isEmpty()) {
            var next = waiting.poll();
            if (!seen.add(next)) {
                continue;
            }
            var document = read(next);
            merged = merge(merged, document);
            for (var pattern : Toml.texts(document, "imports")) {
                waiting.addAll(matching(next, pattern));
            }
        }
        return merged;
    }

    /** One file, in our version. */
    static Map<String, Object> read(Path file) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException("open " + file + ": no such file or directory", e);
        }
        try {
            return ConfigVersion.migrated(Toml.parse(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("failed to load TOML from " + file + ": " + e.getMessage(), e);
        }
    }

    /** The files that an import means, relative to the importing file; a pattern may match none. */
    private static List<Path> matching(Path importing, String pattern) throws IOException {
        var path = importing.resolveSibling(pattern).normalize();
        if (pattern.chars().noneMatch(c -> "*?[".indexOf(c) >= 0)) {
            return List.of(path);
        }
        var directory = path.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return List.of();
        }
        var matcher = FileSystems.getDefault().getPathMatcher("glob:" + path);
        try (var files = Files.list(directory)) {
            return files.filter(matcher::matches).sorted().toList();
        }
    }

    /** A document with another one in front of it, table by table. */
    static Map<String, Object> merge(Map<String, Object> under, Map<String, Object> over) {
        var result = new LinkedHashMap<>(under);
        over.forEach((key, value) -> result.merge(key, value, (old, now) -> {
            if (old instanceof Map && now instanceof Map) {
                return merge(Toml.table(under, key), Toml.table(over, key));
            }
            if (GATHERED.contains(key) && old instanceof List<?> first && now instanceof List<?> second) {
                var all = new LinkedHashSet<Object>(first);
                all.addAll(second);
                return List.copyOf(all);
            }
            return now;
        }));
        return result;
    }
}
