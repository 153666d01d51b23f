package io.drydock.docker.engine.plugin;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins of this machine. One that was found once is remembered; safe for any thread. */
public final class Plugins {
    private static final Logger LOG = LoggerFactory.getLogger(Plugins.class);
    private static final Duration ACTIVATION = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path sockets;
    private final List<Path> files;
    private final Duration patience;
    private final Map<String, Plugin> active = new ConcurrentHashMap<>();

    /**
     * @param sockets the directory of {@code NAME.sock}
     * @param files directories of {@code NAME.spec} and {@code NAME.json}
     * @param patience how long to wait for one that is starting
     */
    public Plugins(Path sockets, List<Path> files, Duration patience) {
        this.sockets = sockets;
        this.files = List.copyOf(files);
        this.patience = patience;
    }

    /** In the directories that all plugins use. */
    public static Plugins ofSystem() {
        return new Plugins(
                Path.of("/run/docker/plugins"),
                List.of(Path.of("/etc/docker/plugins"), Path.of("/usr/lib/docker/plugins")),
                PATIENCE);
    }

    /**
     * The plugin of that name, activated.
     *
     * @param purpose the interface it must have
     */
    public Plugin find(String name, String purpose) throws PluginException {
        var plugin = active(name, patience);
        if (!plugin.purposes().contains(purpose)) {
            throw new PluginException(
                    PluginException.Kind.NOT_IMPLEMENTED,
                    "Plugin does not implement the requested driver: plugin=\"" + name
                            + "\", requested implementation=\"" + purpose + "\"");
        }
        return plugin;
    }

    /** All plugins with that interface, by name. Those that do not answer at once are left out. */
    public List<Plugin> all(String purpose) {
        var found = new ArrayList<Plugin>();
        for (String name : names()) {
            try {
                var plugin = active(name, Duration.ZERO);
                if (plugin.purposes().contains(purpose)) {
                    found.add(plugin);
                }
            } catch (PluginException e) {
                LOG.warn("plugin {}: {}", name, e.getMessage());
            }
        }
        return found;
    }

    private Plugin active(String name, Duration patience) throws PluginException {
        var known = active.get(name);
        if (known != null) {
            return known;
        }
        var address = address(name);
        if (address == null) {
            throw new PluginException(PluginException.Kind.NOT_FOUND, "plugin \"" + name + "\" not found");
        }
        var answer = new PluginClient(address, patience).call("Plugin.Activate", Map.of(), ACTIVATION);
        var purposes = answer.get("Implements") instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.<String>of();
        var plugin = new Plugin(name, new PluginClient(address, this.patience), purposes);
        active.put(name, plugin);
        return plugin;
    }

    private @Nullable PluginAddress address(String name) throws PluginException {
        if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
            return null;
        }
        for (Path path : places(sockets, name, ".sock")) {
            if (Files.exists(path)) {
                return PluginAddress.unix(path);
            }
        }
        for (Path directory : files) {
            for (String kind : List.of(".spec", ".json")) {
                for (Path path : places(directory, name, kind)) {
                    if (Files.exists(path)) {
                        return read(path);
                    }
                }
            }
        }
        return null;
    }

    private static List<Path> places(Path directory, String name, String kind) {
        return List.of(directory.resolve(name + kind), directory.resolve(name).resolve(name + kind));
    }

    private static PluginAddress read(Path file) throws PluginException {
        try {
            String text = Files.readString(file);
            if (file.toString().endsWith(".spec")) {
                return PluginAddress.parse(text);
            }
            if (Jsonb.instance().type(Object.class).fromJson(text) instanceof Map<?, ?> map
                    && map.get("Addr") instanceof String address) {
                return PluginAddress.parse(address);
            }
            throw new PluginException(PluginException.Kind.UNREACHABLE, file + ": no Addr");
        } catch (IOException | JsonException e) {
            throw new PluginException(PluginException.Kind.UNREACHABLE, file + ": " + e.getMessage(), e);
        }
    }

    private TreeSet<String> names() {
        var endings = new TreeMap<Path, List<String>>();
        endings.put(sockets, List.of(".sock"));
        files.forEach(directory -> endings.put(directory, List.of(".spec", ".json")));
        var names = new TreeSet<String>();
        endings.forEach((directory, kinds) -> {
            if (Files.isDirectory(directory)) {
                try (Stream<Path> entries = Files.walk(directory, 2)) {
                    entries.map(path -> path.getFileName().toString())
                            .forEach(file -> kinds.stream()
                                    .filter(file::endsWith)
                                    .forEach(kind -> names.add(file.substring(0, file.length() - kind.length()))));
                } catch (IOException e) {
                    LOG.warn("read \"{}\": {}", directory, e.getMessage());
                }
            }
        });
        return names;
    }
}
