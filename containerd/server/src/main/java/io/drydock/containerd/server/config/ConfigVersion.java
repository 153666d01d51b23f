package io.drydock.containerd.server.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The versions of config.toml, and the way from each to {@link #OURS}:
 *
 * <pre>
 *   1  plugins by short name: plugins.overlayfs
 *   2  plugins by URI: plugins."io.containerd.snapshotter.v1.overlayfs"
 *   3  some URIs are others
 *   4  the sockets are plugins: plugins."io.containerd.server.v1.grpc" and others
 * </pre>
 */
final class ConfigVersion {
    static final int OURS = 3;
    private static final int NEWEST = 4;

    private static final String CRI = "io.containerd.grpc.v1.cri";
    private static final Map<String, String> FULL = Map.ofEntries(
            Map.entry("cri", CRI),
            Map.entry("cgroups", "io.containerd.monitor.v1.cgroups"),
            Map.entry("linux", "io.containerd.runtime.v1.linux"),
            Map.entry("scheduler", ServerConfig.GC),
            Map.entry("bolt", ServerConfig.METADATA),
            Map.entry("task", "io.containerd.runtime.v2.task"),
            Map.entry("opt", "io.containerd.internal.v1.opt"),
            Map.entry("restart", "io.containerd.internal.v1.restart"));
    private static final Set<String> SNAPSHOTTERS = Set.of("aufs", "btrfs", "devmapper", "native", "overlayfs", "zfs");
    /** Where version 4 has what the others have in a table of their own, and how the names of the keys begin there. */
    private static final List<Moved> MOVED = List.of(
            new Moved("io.containerd.server.v1.grpc", "grpc", ""),
            new Moved("io.containerd.server.v1.grpc-tcp", "grpc", "tcp_"),
            new Moved("io.containerd.server.v1.ttrpc", "ttrpc", ""),
            new Moved("io.containerd.server.v1.debug", "debug", ""),
            new Moved("io.containerd.server.v1.metrics", "metrics", ""),
            new Moved("io.containerd.metrics.v1.grpc-prometheus", "metrics", ""));

    private record Moved(String plugin, String table, String prefix) {}

    private ConfigVersion() {}

    /** The document's, 1 if it names none. Throws IllegalArgumentException for those that we do not know. */
    static long of(Map<String, Object> document) {
        long version = Toml.number(document, "version", 1);
        if (version > NEWEST || version < 1) {
            throw new IllegalArgumentException(
                    "expected containerd config version equal to or less than `" + NEWEST + "`, got `" + version + "`");
        }
        return version;
    }

    /** The same configuration in our version. */
    static Map<String, Object> migrated(Map<String, Object> document) {
        long version = of(document);
        var result = new LinkedHashMap<>(document);
        result.put("version", (long) OURS);
        var plugins = new LinkedHashMap<String, Object>();
        Toml.table(document, "plugins")
                .forEach((name, settings) -> plugins.put(version == 1 ? full(name) : name, settings));
        if (version == 1) {
            for (var key : List.of("disabled_plugins", "required_plugins")) {
                result.computeIfPresent(key, (name, value) -> fullNames(value));
            }
        }
        rename(plugins, "io.containerd.monitor.v1.cgroups", ServerConfig.CGROUPS);
        registry(plugins);
        for (var moved : MOVED) {
            take(plugins, moved, result);
        }
        if (!plugins.isEmpty()) {
            result.put("plugins", plugins);
        }
        return result;
    }

    private static Object fullNames(Object value) {
        var names = new ArrayList<>();
        for (var name : value instanceof List<?> list ? list : List.of()) {
            names.add(full(String.valueOf(name)));
        }
        return names;
    }

    private static String full(String name) {
        if (name.contains(".")) {
            return name;
        }
        if (SNAPSHOTTERS.contains(name)) {
            return "io.containerd.snapshotter.v1." + name;
        }
        var known = FULL.get(name);
        return known != null
                ? known
                : (name.endsWith("-service") ? "io.containerd.service.v1." : "io.containerd.grpc.v1.") + name;
    }

    private static void rename(Map<String, Object> plugins, String old, String now) {
        var settings = plugins.remove(old);
        if (settings != null) {
            plugins.putIfAbsent(now, settings);
        }
    }

    /** CRI's directory of registries' settings is the one that our transfers use too. */
    private static void registry(Map<String, Object> plugins) {
        for (var cri : List.of(CRI, "io.containerd.cri.v1.images")) {
            var directory = Toml.text(Toml.table(Toml.table(plugins, cri), "registry"), "config_path", "");
            if (!directory.isEmpty()) {
                var transfer = new LinkedHashMap<>(Toml.table(plugins, ServerConfig.TRANSFER));
                transfer.putIfAbsent("config_path", directory);
                plugins.put(ServerConfig.TRANSFER, transfer);
            }
        }
    }

    private static void take(Map<String, Object> plugins, Moved moved, Map<String, Object> document) {
        if (plugins.remove(moved.plugin()) instanceof Map<?, ?> settings) {
            var table = new LinkedHashMap<>(Toml.table(document, moved.table()));
            settings.forEach((key, value) -> table.put(moved.prefix() + key, value));
            document.put(moved.table(), table);
        }
    }
}
