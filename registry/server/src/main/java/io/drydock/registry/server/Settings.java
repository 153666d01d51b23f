package io.drydock.registry.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * What the registry is told by {@code config.yml} and {@code REGISTRY_…} variables, in the keys of Docker's registry. What
 * it has not got (other storage drivers, tokens, notifications, proxies) is refused by name.
 *
 * @param root the storage's directory
 * @param deletes whether blobs and manifests may be deleted
 * @param readOnly whether nothing may be written
 * @param address where to listen; for {@code net: unix} a path
 * @param unix whether the address is a path
 * @param host scheme and host in answers instead of the request's, or empty
 * @param relativeUrls whether answers name paths only
 * @param headers added to every answer
 * @param certificate of TLS, null for plain HTTP
 * @param key of TLS
 * @param clientAuthority that clients' certificates must come from, null not to ask
 * @param htpasswd file of users, null to let everybody in
 * @param realm told to those who are not let in
 * @param drain how long requests under way may take when the registry stops
 * @param logLevel error, warn, info or debug
 */
record Settings(
        Path root,
        boolean deletes,
        boolean readOnly,
        String address,
        boolean unix,
        String host,
        boolean relativeUrls,
        Map<String, String> headers,
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path clientAuthority,
        @Nullable Path htpasswd,
        String realm,
        Duration drain,
        String logLevel) {
    private static final List<String> KEYS = List.of("version", "log", "storage", "auth", "http", "health");
    private static final List<String> MISSING_PARTS = List.of("notifications", "proxy", "middleware", "redis");

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
        var root = new Node("", copy(given));
        override(root, environment);
        return of(root);
    }

    private static Object load(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    private static Map<String, Object> copy(Map<?, ?> from) {
        var copy = new LinkedHashMap<String, Object>();
        from.forEach((name, value) -> copy.put(
                String.valueOf(name), value instanceof Map<?, ?> map ? copy(map) : value == null ? "" : value));
        return copy;
    }

    /** {@code REGISTRY_HTTP_ADDR=x} stands for {@code http: {addr: x}}. */
    private static void override(Node root, Map<String, String> environment) {
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith("REGISTRY_")) {
                var keys = List.of(name.substring(9).toLowerCase(Locale.ROOT).split("_"));
                // other variables may begin like ours and mean somebody else
                if (KEYS.contains(keys.getFirst()) || MISSING_PARTS.contains(keys.getFirst())) {
                    root.set(keys, load(value));
                }
            }
        });
    }

    private static Settings of(Node root) {
        if (!root.text("version", "").equals("0.1")) {
            throw new IllegalArgumentException(
                    "unsupported configuration version \"" + root.text("version", "") + "\"");
        }
        root.only(KEYS);
        var storage = root.node("storage");
        for (var name : storage.names()) {
            if (!List.of("filesystem", "delete", "maintenance", "cache", "redirect", "tag")
                    .contains(name)) {
                throw new IllegalArgumentException("StorageDriver not registered: " + name);
            }
        }
        storage.node("maintenance").only(List.of("readonly", "uploadpurging"));
        if (storage.node("maintenance").node("uploadpurging").flag("enabled")) {
            throw new IllegalArgumentException("configuration: storage.maintenance.uploadpurging is not supported yet");
        }
        var log = root.node("log");
        log.only(List.of("level", "fields", "formatter", "accesslog"));
        log.mustBe("formatter", "text");
        log.node("accesslog").mustBe("disabled", "false");
        // its one check is made by every request: the storage is a directory of this machine
        root.node("health").only(List.of("storagedriver"));
        var http = root.node("http");
        http.only(List.of("addr", "net", "host", "secret", "relativeurls", "draintimeout", "headers", "tls", "http2"));
        http.node("http2").mustBe("disabled", "true");
        var tls = http.node("tls");
        tls.only(List.of("certificate", "key", "clientcas"));
        var auth = root.node("auth");
        for (var name : auth.names()) {
            if (!name.equals("htpasswd") && !name.equals("none")) {
                throw new IllegalArgumentException("unable to configure authorization (" + name
                        + "): no access controller registered with name: " + name);
            }
        }
        if (auth.has("htpasswd") && auth.node("htpasswd").text("path", "").isEmpty()) {
            throw new IllegalArgumentException(
                    "unable to configure authorization (htpasswd): \"path\" must be set for htpasswd access controller");
        }
        if (tls.get("clientcas") instanceof List<?> list && list.size() > 1) {
            throw new IllegalArgumentException("configuration: http.tls.clientcas: put all authorities into one file");
        }
        var authorities = tls.get("clientcas") instanceof List<?> list && !list.isEmpty()
                ? list.getFirst().toString()
                : null;
        return new Settings(
                Path.of(storage.node("filesystem").text("rootdirectory", "/var/lib/registry")),
                storage.node("delete").flag("enabled"),
                storage.node("maintenance").node("readonly").flag("enabled"),
                http.text("addr", ":5000"),
                http.text("net", "tcp").equals("unix"),
                http.text("host", ""),
                http.flag("relativeurls"),
                headers(http.node("headers")),
                path(tls.text("certificate", "")),
                path(tls.text("key", "")),
                path(authorities == null ? "" : authorities),
                path(auth.node("htpasswd").text("path", "")),
                auth.node("htpasswd").text("realm", "Registry Realm"),
                duration(http.text("draintimeout", "10s")),
                root.node("log").text("level", "info"));
    }

    private static @Nullable Path path(String text) {
        return text.isEmpty() ? null : Path.of(text);
    }

    private static Map<String, String> headers(Node headers) {
        var all = new LinkedHashMap<String, String>();
        for (var name : headers.names()) {
            all.put(
                    name,
                    headers.get(name) instanceof List<?> values
                            ? String.join(
                                    ", ", values.stream().map(String::valueOf).toList())
                            : headers.text(name, ""));
        }
        return Map.copyOf(all);
    }

    /** Go's form with one unit: {@code 60s}, {@code 5m}. */
    private static Duration duration(String text) {
        try {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        } catch (java.time.DateTimeException e) {
            throw new IllegalArgumentException("invalid duration \"" + text + "\"", e);
        }
    }

    /** The TCP address; an empty host listens everywhere. */
    InetSocketAddress tcpAddress() {
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("http.addr: missing port in address " + address);
        }
        int port;
        try {
            port = Integer.parseInt(address.substring(colon + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("http.addr: invalid port in " + address, e);
        }
        var name = address.substring(0, colon).replace("[", "").replace("]", "");
        return name.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(name, port);
    }

    /** A mapping inside the document. */
    private record Node(String path, Map<String, Object> values) {
        boolean has(String name) {
            return values.containsKey(name);
        }

        List<String> names() {
            return List.copyOf(values.keySet());
        }

        @Nullable
        Object get(String name) {
            return values.get(name);
        }

        Node node(String name) {
            var value = values.get(name);
            if (value == null || value.equals("")) {
                return new Node(path + name + ".", Map.of());
            }
            if (!(value instanceof Map<?, ?> map)) {
                throw new IllegalArgumentException("configuration: " + path + name + " is not a mapping");
            }
            return new Node(path + name + ".", copy(map));
        }

        /** Refuses every other key: what is not looked at would be an option parsed and ignored. */
        void only(List<String> known) {
            for (var name : names()) {
                if (!known.contains(name)) {
                    throw new IllegalArgumentException("configuration: " + path + name + " is not supported yet");
                }
            }
        }

        /** Refuses a key with another value than the only one there is. */
        void mustBe(String name, String only) {
            if (!text(name, only).equals(only)) {
                throw new IllegalArgumentException(
                        "configuration: " + path + name + ": only " + only + " is supported, not " + text(name, only));
            }
        }

        String text(String name, String otherwise) {
            var value = values.get(name);
            return value == null || value.equals("") ? otherwise : value.toString();
        }

        boolean flag(String name) {
            var value = values.getOrDefault(name, false);
            if (value instanceof Boolean flag) {
                return flag;
            }
            throw new IllegalArgumentException("configuration: " + path + name + " is neither true nor false");
        }

        void set(List<String> keys, @Nullable Object value) {
            var table = values;
            for (var key : keys.subList(0, keys.size() - 1)) {
                if (!(table.get(key) instanceof Map<?, ?>)) {
                    table.put(key, new LinkedHashMap<String, Object>());
                }
                @SuppressWarnings("unchecked")
                var next = (Map<String, Object>) table.get(key);
                table = next;
            }
            table.put(keys.getLast(), value == null ? "" : value);
        }
    }
}
