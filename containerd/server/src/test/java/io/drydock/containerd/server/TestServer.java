package io.drydock.containerd.server;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.containerd.server.config.ServerConfig;
import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** A containerd of its own in a directory of its own; nothing is left of it. Without a shim. */
public final class TestServer implements AutoCloseable {
    private final Path directory;
    private Server server;

    private TestServer(Path directory, Server server) {
        this.directory = directory;
        this.server = server;
    }

    public static TestServer start() {
        return with(config -> config);
    }

    /** One whose directory is a file system of so many megabytes. */
    public static TestServer onSmallDisk(int megabytes) {
        return made(
                directory -> Command.of(
                                "mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", directory.toString())
                        .run()
                        .ok(),
                config -> config);
    }

    /** One whose directory is the file system in a file. */
    public static TestServer onDisk(Path disk) {
        return made(directory -> mount(disk, directory), config -> config);
    }

    /** One with some more configuration. */
    public static TestServer with(UnaryOperator<ServerConfig> more) {
        return made(directory -> {}, more);
    }

    private static TestServer made(Consumer<Path> mount, UnaryOperator<ServerConfig> more) {
        try {
            var directory = Files.createTempDirectory(Path.of("/tmp"), "ctd");
            try {
                mount.accept(directory);
                return new TestServer(directory, serve(directory, more));
            } catch (IOException | RuntimeException e) {
                delete(directory);
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void mount(Path disk, Path directory) {
        Command.of("mount", "-o", "loop", disk.toString(), directory.toString())
                .run()
                .ok();
    }

    /** Ends it, mounts its disk again, and starts another one. */
    public void remount(Path disk) {
        try {
            server.close();
            Command.of("umount", directory.toString()).run().ok();
            mount(disk, directory);
            server = serve(directory, config -> config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Server serve(Path directory, UnaryOperator<ServerConfig> more) throws IOException {
        return Server.start(more.apply(config(directory)), directory.resolve("no-shim"));
    }

    /** Nothing is collected but what follows a deletion: what tests make is often held by nothing. */
    private static ServerConfig config(Path directory) {
        return ServerConfig.DEFAULT
                .withPlugin(ServerConfig.GC, Map.of("startup_delay", "0s", "mutation_threshold", 0L))
                .withRoot(directory.resolve("root").toString())
                .withState(directory.resolve("state").toString())
                .withAddress(directory.resolve("c.sock").toString());
    }

    /** Ends it and starts another one on the same directories. */
    public void restart() {
        try {
            server.close();
            server = serve(directory, config -> config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Server server() {
        return server;
    }

    public Path socket() {
        return directory.resolve("c.sock");
    }

    public Path directory() {
        return directory;
    }

    public ContainerdClient client() {
        return ContainerdClient.connect(socket(), "test");
    }

    /** Names of files of blobs and of ingests' data. */
    public List<String> contentFiles() {
        return files("root/io.containerd.content.v1.content");
    }

    /** Directories of snapshots, those that wait for their deletion too. */
    public List<String> snapshotDirectories() {
        var root = directory.resolve("root/io.containerd.snapshotter.v1.overlayfs");
        try (var found = Files.walk(root, 2)) {
            return found.map(root::relativize)
                    .filter(path -> path.getNameCount() == 2)
                    .map(Path::toString)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> files(String below) {
        try (var found = Files.walk(directory.resolve(below))) {
            return found.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        delete(directory);
    }

    private static void delete(Path directory) {
        // fails unless it is a file system of its own
        Command.of("umount", "-l", directory.toString()).run();
        Await.until("the directory is gone", () -> {
            try (var tree = Files.walk(directory)) {
                for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
            return true;
        });
    }
}
