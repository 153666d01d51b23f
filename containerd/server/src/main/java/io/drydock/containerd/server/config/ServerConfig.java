package io.drydock.containerd.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What containerd is told by {@code config.toml} and its flags.
 *
 * @param root what outlives the machine's restart
 * @param state what does not
 * @param address the gRPC socket, at most 107 bytes with {@code .ttrpc} behind it
 * @param uid owner of the socket
 * @param gid group of the socket
 * @param logLevel trace, debug, info, warn, error, fatal or panic
 */
public record ServerConfig(Path root, Path state, Path address, int uid, int gid, String logLevel) {
    private static final int VERSION = 4;

    /** What holds without a file. */
    public static final ServerConfig DEFAULT = new ServerConfig(
            Path.of("/var/lib/containerd"),
            Path.of("/run/containerd"),
            Path.of("/run/containerd/containerd.sock"),
            0,
            0,
            "info");

    /**
     * Reads a file; keys that this containerd does not know are left alone, as the original does with those of plugins that
     * it does not have.
     *
     * @param mustExist whether a missing file is an error and not just the defaults
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it is malformed or of a newer version
     */
    public static ServerConfig read(Path file, boolean mustExist) throws IOException {
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            if (mustExist) {
                throw new IOException(
                        "failed to load config \"" + file + "\": open " + file + ": no such file or directory", e);
            }
            return DEFAULT;
        }
        try {
            return parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("failed to load TOML from " + file + ": " + e.getMessage(), e);
        }
    }

    static ServerConfig parse(String text) {
        var document = Toml.parse(text);
        long version = Toml.number(document, "version", 1);
        if (version > VERSION || version < 1) {
            throw new IllegalArgumentException("expected containerd config version equal to or less than `" + VERSION
                    + "`, got `" + version + "`");
        }
        var plugins = Toml.table(document, "plugins");
        // version 4 has the sockets among the plugins
        var grpc = version == VERSION && plugins.containsKey("io.containerd.server.v1.grpc")
                ? Toml.table(plugins, "io.containerd.server.v1.grpc")
                : Toml.table(document, "grpc");
        return new ServerConfig(
                Path.of(Toml.text(document, "root", DEFAULT.root.toString())),
                Path.of(Toml.text(document, "state", DEFAULT.state.toString())),
                Path.of(Toml.text(grpc, "address", DEFAULT.address.toString())),
                (int) Toml.number(grpc, "uid", 0),
                (int) Toml.number(grpc, "gid", 0),
                orElse(Toml.text(Toml.table(document, "debug"), "level", ""), DEFAULT.logLevel));
    }

    private static String orElse(String value, String otherwise) {
        return value.isEmpty() ? otherwise : value;
    }

    public ServerConfig withRoot(String value) {
        return new ServerConfig(Path.of(value), state, address, uid, gid, logLevel);
    }

    public ServerConfig withState(String value) {
        return new ServerConfig(root, Path.of(value), address, uid, gid, logLevel);
    }

    public ServerConfig withAddress(String value) {
        return new ServerConfig(root, state, Path.of(value), uid, gid, logLevel);
    }

    public ServerConfig withLogLevel(String value) {
        return new ServerConfig(root, state, address, uid, gid, value);
    }

    /** As a file, version 2, which every containerd since 1.3 reads. */
    public String toToml() {
        return """
                version = 2
                root = "%s"
                state = "%s"

                [debug]
                  level = "%s"

                [grpc]
                  address = "%s"
                  gid = %d
                  uid = %d
                """.formatted(root, state, logLevel, address, gid, uid);
    }
}
