package io.drydock.registry.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.RegistrySettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A registry of its own process, ours or the original, on a directory. */
final class RegistryProcess implements AutoCloseable {
    static final Path ORIGINAL = Path.of("/usr/bin/docker-registry");

    private final Process process;
    private final int port;
    private final Thread reader;
    private final Path config;

    private RegistryProcess(Process process, int port, Thread reader, Path config) {
        this.process = process;
        this.port = port;
        this.reader = reader;
        this.config = config;
    }

    static RegistryProcess ours(Path data) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        return start(
                data,
                List.of(
                        java,
                        "--enable-native-access=ALL-UNNAMED",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve"));
    }

    static RegistryProcess original(Path data) throws IOException {
        return start(data, List.of(ORIGINAL.toString(), "serve"));
    }

    private static RegistryProcess start(Path data, List<String> command) throws IOException {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        var config = Files.createTempFile("registry", ".yml");
        Files.writeString(config, RegistrySettings.yaml(data, port, ""));
        var all = new ArrayList<>(command);
        all.add(config.toString());
        var builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("REGISTRY_"));
        var process = builder.start();
        var output = new StringBuffer();
        var reader = Thread.ofVirtual().start(() -> drain(process.inputReader(), output));
        var registry = new RegistryProcess(process, port, reader, config);
        try {
            registry.awaitListening(output);
        } catch (IOException | AssertionError e) {
            registry.close();
            throw e;
        }
        return registry;
    }

    private static void drain(BufferedReader from, StringBuffer output) {
        from.lines().forEach(line -> output.append(line).append('\n'));
    }

    /** Neither program tells a parent that it listens: only connecting does. */
    private void awaitListening(StringBuffer output) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            try (var probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(probe.isConnected()).isTrue();
                return;
            } catch (ConnectException e) {
                assertThat(process.isAlive()).as("registry ended: %s", output).isTrue();
                assertThat(System.nanoTime())
                        .as("registry does not listen: %s", output)
                        .isLessThan(deadline);
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    int port() {
        return port;
    }

    /** Adds lines to its configuration, and tells it to look. */
    void hangUp(String more) throws IOException {
        Files.writeString(config, more, StandardOpenOption.APPEND);
        Command.of("kill", "-HUP", Long.toString(process.pid())).run().ok();
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            reader.join();
            Files.deleteIfExists(config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
