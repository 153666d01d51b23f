package io.drydock.registry.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What the registry is told by {@code config.yml} and {@code REGISTRY_…} variables, in the keys of Docker's registry. What
 * it has not got (other storage drivers, middleware) is refused by name.
 *
 * @param storage where things are kept
 * @param http how it is reached
 * @param auth who may use it
 * @param proxy the registry that this one is a cache of, if it is one
 * @param notifications who is told what happens
 * @param logLevel error, warn, info or debug
 * @param logJson whether log lines are JSON objects
 * @param accessLog whether requests are logged
 * @param auditLog where is noted who changed what, and who was refused; null for nowhere
 */
record Settings(
        StorageSettings storage,
        HttpSettings http,
        AuthSettings auth,
        Optional<ProxySettings> proxy,
        NotificationSettings notifications,
        String logLevel,
        boolean logJson,
        boolean accessLog,
        @Nullable Path auditLog) {
    private static final List<String> KEYS =
            List.of("version", "log", "storage", "auth", "http", "health", "proxy", "notifications");
    private static final List<String> MISSING_PARTS = List.of("middleware", "redis");

    /**
     * Reads a file.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it is malformed or asks for what there is not
     */
    static Settings read(Path file, Map<String, String> environment) throws IOException {
        try {
            return parse(Files.readString(file), environment);
        } catch (NoSuchFileException e) {
            throw new IOException("open " + file + ": no such file or directory", e);
        }
    }

    static Settings parse(String yaml, Map<String, String> environment) {
        Object document;
        try {
            document = load(yaml);
        } catch (YamlEngineException e) {
            throw new IllegalArgumentException("error parsing configuration: " + e.getMessage(), e);
        }
        if (!(document instanceof Map<?, ?> given)) {
            throw new IllegalArgumentException("error parsing configuration: not a mapping");
        }
        var root = ConfigNode.document(given);
        override(root, environment);
        return of(root);
    }

    private static Object load(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    /** {@code REGISTRY_HTTP_ADDR=x} stands for {@code http: {addr: x}}. */
    private static void override(ConfigNode root, Map<String, String> environment) {
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith("REGISTRY_")) {
                var keys = List.of(name.substring(9).toLowerCase(Locale.ROOT).split("_"));
                // other variables may begin like ours and mean somebody else
                if (KEYS.contains(keys.getFirst()) || MISSING_PARTS.contains(keys.getFirst())) {
                    // REGISTRY_AUTH=htpasswd names the kind, whose details the file may have
                    boolean kind = keys.size() == 1 && root.get(keys.getFirst()) instanceof Map<?, ?>;
                    root.set(keys, kind ? only(root.node(keys.getFirst()), value) : load(value));
                }
            }
        });
    }

    private static Map<String, Object> only(ConfigNode node, String kind) {
        var detail = node.get(kind);
        return new LinkedHashMap<>(Map.of(kind, detail == null ? "" : detail));
    }

    /** {@code storage: inmemory} stands for {@code storage: {inmemory: {}}}. */
    private static ConfigNode storage(ConfigNode root) {
        return root.get("storage") instanceof String kind && !kind.isEmpty()
                ? new ConfigNode("storage.", Map.of(kind, ""))
                : root.node("storage");
    }

    private static Settings of(ConfigNode root) {
        if (!root.text("version", "").equals("0.1")) {
            throw new IllegalArgumentException(
                    "unsupported configuration version \"" + root.text("version", "") + "\"");
        }
        root.only(KEYS);
        var log = root.node("log");
        log.only(List.of("level", "fields", "formatter", "accesslog", "audit"));
        var formatter = log.text("formatter", "text");
        if (!formatter.equals("text") && !formatter.equals("json")) {
            throw new IllegalArgumentException("unsupported logging formatter: \"" + formatter + "\"");
        }
        // its one check is made by every request: the storage is a directory of this machine
        root.node("health").only(List.of("storagedriver"));
        return new Settings(
                StorageSettings.of(storage(root)),
                HttpSettings.of(root.node("http")),
                AuthSettings.of(root.node("auth")),
                ProxySettings.of(root.node("proxy")),
                NotificationSettings.of(root.node("notifications")),
                log.text("level", "info"),
                formatter.equals("json"),
                !log.node("accesslog").flag("disabled"),
                log.text("audit", "").isEmpty() ? null : Path.of(log.text("audit", "")));
    }
}
