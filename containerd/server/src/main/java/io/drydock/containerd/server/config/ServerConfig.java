package io.drydock.containerd.server.config;

import io.drydock.containerd.stores.gc.CollectionSchedule;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What containerd is told by {@code config.toml} and its flags: a document of version 3 that lies over {@link #DEFAULT}. The
 * default document is also the list of the keys that have an effect here, and of their types.
 *
 * @param document nested maps, lists, strings, longs, doubles and booleans, complete
 */
public record ServerConfig(Map<String, Object> document) {
    public static final String GC = "io.containerd.gc.v1.scheduler";
    public static final String METADATA = "io.containerd.metadata.v1.bolt";
    public static final String CGROUPS = "io.containerd.monitor.task.v1.cgroups";
    public static final String TRANSFER = "io.containerd.transfer.v1.local";
    public static final String DIFF = "io.containerd.service.v1.diff-service";
    private static final String SNAPSHOTTER = "io.containerd.snapshotter.v1.";

    /** What holds without a file. */
    public static final ServerConfig DEFAULT = new ServerConfig(Toml.parse("""
            version = 3
            root = '/var/lib/containerd'
            state = '/run/containerd'
            temp = ''
            disabled_plugins = []
            required_plugins = []
            oom_score = 0
            imports = []

            [grpc]
            address = '/run/containerd/containerd.sock'
            tcp_address = ''
            tcp_tls_ca = ''
            tcp_tls_cert = ''
            tcp_tls_key = ''
            uid = 0
            gid = 0
            max_recv_message_size = 16777216
            max_send_message_size = 16777216

            [ttrpc]
            address = ''
            uid = 0
            gid = 0

            [debug]
            address = ''
            uid = 0
            gid = 0
            level = ''
            format = ''

            [metrics]
            address = ''
            grpc_histogram = false

            [plugins.'io.containerd.gc.v1.scheduler']
            pause_threshold = 0.02
            deletion_threshold = 0
            mutation_threshold = 100
            schedule_delay = '0s'
            startup_delay = '100ms'

            [plugins.'io.containerd.metadata.v1.bolt']
            content_sharing_policy = 'shared'

            [plugins.'io.containerd.monitor.task.v1.cgroups']
            no_prometheus = false

            [plugins.'io.containerd.service.v1.diff-service']
            default = ['walking']
            sync_fs = false

            [plugins.'io.containerd.snapshotter.v1.btrfs']
            root_path = ''

            [plugins.'io.containerd.snapshotter.v1.native']
            root_path = ''

            [plugins.'io.containerd.snapshotter.v1.overlayfs']
            root_path = ''
            mount_options = []
            sync_remove = false

            [plugins.'io.containerd.transfer.v1.local']
            config_path = ''
            """));

    /**
     * Reads a file and what it imports.
     *
     * @param mustExist whether a missing file is an error and not just the defaults
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it is malformed, of a newer version, or asks for what is not built here
     */
    public static ServerConfig read(Path file, boolean mustExist) throws IOException {
        if (!mustExist && !Files.exists(file)) {
            return DEFAULT;
        }
        try {
            return of(ConfigFile.load(file));
        } catch (IOException e) {
            throw new IOException("failed to load config \"" + file + "\": " + e.getMessage(), e);
        }
    }

    /** A file's text in our version. */
    static String migrate(Path file) throws IOException {
        return TomlText.of(ConfigFile.read(file));
    }

    static ServerConfig parse(String text) {
        return of(ConfigVersion.migrated(Toml.parse(text)));
    }

    private static ServerConfig of(Map<String, Object> document) {
        var config = new ServerConfig(ConfigFile.merge(DEFAULT.document, document));
        ConfigCheck.check(config);
        return config;
    }

    /** A table's value under a key, whose type has been checked. */
    private Object value(String table, String key) {
        return Toml.table(document, table).getOrDefault(key, "");
    }

    private String text(String table, String key) {
        return (String) value(table, key);
    }

    private int number(String table, String key) {
        return Math.toIntExact((Long) value(table, key));
    }

    private Map<String, Object> plugin(String uri) {
        return Toml.table(Toml.table(document, "plugins"), uri);
    }

    private Path path(String key) {
        return Path.of(Toml.text(document, key, ""));
    }

    private static Duration duration(Map<String, Object> table, String key) {
        return duration(Toml.text(table, key, "0s"));
    }

    /** @throws IllegalArgumentException in Go's words */
    static Duration duration(String text) {
        try {
            return Duration.ofNanos(FlagValues.duration(text));
        } catch (FlagException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** What outlives the machine's restart. */
    public Path root() {
        return path("root");
    }

    /** What does not. */
    public Path state() {
        return path("state");
    }

    /** Where mounts of a moment are made. */
    public Path mounts() {
        return path("temp").toString().isEmpty() ? state().resolve("mounts") : path("temp");
    }

    public int oomScore() {
        return Math.toIntExact(Toml.number(document, "oom_score", 0));
    }

    /** URIs of plugins that shall not be. */
    public List<String> disabledPlugins() {
        return Toml.texts(document, "disabled_plugins");
    }

    /** URIs of plugins without which containerd shall not start. */
    public List<String> requiredPlugins() {
        return Toml.texts(document, "required_plugins");
    }

    /** A unix socket and its owner; an empty path for none. */
    public record SocketFile(Path path, int uid, int gid) {}

    private SocketFile socket(String table) {
        return new SocketFile(Path.of(text(table, "address")), number(table, "uid"), number(table, "gid"));
    }

    /** The gRPC socket. */
    public SocketFile grpc() {
        return socket("grpc");
    }

    /** The socket for events of shims: beside the gRPC socket, with the same owner, unless it is told. */
    public SocketFile ttrpc() {
        var told = socket("ttrpc");
        var grpc = grpc();
        return told.path().toString().isEmpty()
                ? new SocketFile(Path.of(grpc.path() + ".ttrpc"), grpc.uid(), grpc.gid())
                : told;
    }

    /** The socket for debugging. */
    public SocketFile debug() {
        return socket("debug");
    }

    /** The gRPC socket's path. */
    public Path address() {
        return grpc().path();
    }

    /**
     * gRPC over TCP.
     *
     * @param address HOST:PORT
     * @param certificate PEM files; null for plain text
     * @param authority those who may call have a certificate of it; null for all
     */
    public record Tcp(
            String address,
            @Nullable Path certificate,
            @Nullable Path key,
            @Nullable Path authority) {}

    /** Null if it is off. */
    public @Nullable Tcp tcp() {
        var address = text("grpc", "tcp_address");
        return address.isEmpty()
                ? null
                : new Tcp(address, optional("tcp_tls_cert"), optional("tcp_tls_key"), optional("tcp_tls_ca"));
    }

    private @Nullable Path optional(String key) {
        var value = text("grpc", key);
        return value.isEmpty() ? null : Path.of(value);
    }

    /** In bytes. */
    public int maxReceivedMessage() {
        return number("grpc", "max_recv_message_size");
    }

    /** In bytes. */
    public int maxSentMessage() {
        return number("grpc", "max_send_message_size");
    }

    /** trace, debug, info, warn, error, fatal or panic. */
    public String logLevel() {
        var level = text("debug", "level");
        return level.isEmpty() ? "info" : level;
    }

    /** text or json. */
    public String logFormat() {
        var format = text("debug", "format");
        return format.isEmpty() ? "text" : format;
    }

    /** HOST:PORT of the Prometheus endpoint, empty for none. */
    public String metricsAddress() {
        return text("metrics", "address");
    }

    public boolean grpcHistogram() {
        return (Boolean) value("metrics", "grpc_histogram");
    }

    /** Whether tasks have metrics. */
    public boolean taskMetrics() {
        return !Toml.flag(plugin(CGROUPS), "no_prometheus", false)
                && !disabledPlugins().contains(CGROUPS);
    }

    /** When garbage is collected. */
    public CollectionSchedule collection() {
        var gc = plugin(GC);
        return new CollectionSchedule(
                ((Number) gc.getOrDefault("pause_threshold", 0.0)).doubleValue(),
                (int) Toml.number(gc, "deletion_threshold", 0),
                (int) Toml.number(gc, "mutation_threshold", 0),
                duration(gc, "schedule_delay"),
                duration(gc, "startup_delay"));
    }

    /** Where a snapshotter has its files. */
    public Path snapshotterRoot(String name) {
        var told = Toml.text(plugin(SNAPSHOTTER + name), "root_path", "");
        return told.isEmpty() ? root().resolve(SNAPSHOTTER + name) : Path.of(told);
    }

    public boolean hasSnapshotter(String name) {
        return !disabledPlugins().contains(SNAPSHOTTER + name);
    }

    /** Options that every overlay gets. */
    public List<String> overlayOptions() {
        return Toml.texts(plugin(SNAPSHOTTER + "overlayfs"), "mount_options");
    }

    /** Whether removing a snapshot waits until its files are gone. */
    public boolean syncRemove() {
        return Toml.flag(plugin(SNAPSHOTTER + "overlayfs"), "sync_remove", false);
    }

    /** Whether layers are on disk when a client has unpacked them. */
    public boolean syncLayers() {
        return Toml.flag(plugin(DIFF), "sync_fs", false);
    }

    /** The directory with registries' hosts.toml for clients that name none, empty for none. */
    public String registryHosts() {
        return Toml.text(plugin(TRANSFER), "config_path", "");
    }

    /** What the file says that has no effect here, each as a path of keys. */
    public List<String> unknownKeys() {
        return ConfigCheck.unknown(this);
    }

    private ServerConfig with(String key, Object value) {
        return new ServerConfig(ConfigFile.merge(document, Map.of(key, value)));
    }

    public ServerConfig withRoot(String value) {
        return with("root", value);
    }

    public ServerConfig withState(String value) {
        return with("state", value);
    }

    public ServerConfig withAddress(String value) {
        return with("grpc", new LinkedHashMap<>(Map.of("address", value)));
    }

    public ServerConfig withLogLevel(String value) {
        return with("debug", new LinkedHashMap<>(Map.of("level", value)));
    }

    /** With other settings of a plugin. */
    public ServerConfig withPlugin(String uri, Map<String, Object> settings) {
        return with("plugins", Map.of(uri, settings));
    }

    /** As a file. */
    public String toToml() {
        return TomlText.of(document);
    }
}
