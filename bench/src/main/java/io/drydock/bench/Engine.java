package io.drydock.bench;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** One of the two engines that are compared, in directories and a network namespace of its own. */
final class Engine implements AutoCloseable {
    final String name;
    final Path directory;
    final NetNamespace network = NetNamespace.create("bench");
    private final Path client;
    private final Path dockerd;
    private Process process;

    Engine(String name, Path dockerd, Path client) throws IOException {
        this.name = name;
        this.client = client;
        this.dockerd = dockerd;
        directory = Files.createTempDirectory(Path.of("/tmp"), "db-");
        process = launch();
    }

    private Process launch() throws IOException {
        var started = network.command(
                        dockerd.toString(),
                        "--data-root",
                        directory.resolve("data").toString(),
                        "--exec-root",
                        directory.resolve("exec").toString(),
                        "--pidfile",
                        directory.resolve("pid").toString(),
                        "--insecure-registry",
                        "127.0.0.1:5000",
                        "-H",
                        host())
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("log").toFile()))
                .start();
        Await.until(name + " answers", () -> docker("version").run().exitCode() == 0);
        return started;
    }

    /** Kills the daemon itself and starts it again; returns when it answers. */
    void killAndStart() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
        process = launch();
    }

    /** The one process of this engine whose command line contains the text. */
    ProcessHandle program(String text) {
        return daemons().stream()
                .filter(h -> Memory.commandLine(h.pid()).contains(text))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("does not run: " + text));
    }

    String host() {
        return "unix://" + directory.resolve("d.sock");
    }

    /** A command of the original client to this engine. */
    Command docker(String... words) {
        return Command.of(client.toString(), "-H", host()).with(words);
    }

    /** The same with another client. */
    Command docker(Path other, String... words) {
        return Command.of(other.toString(), "-H", host()).with(words);
    }

    /** Daemon, containerd and helpers. */
    List<ProcessHandle> daemons() {
        return new Remains(directory).processes();
    }

    @Override
    public void close() {
        var ids = docker("ps", "-aq").run().text();
        if (!ids.isEmpty()) {
            docker("rm", "-f")
                    .with(ids.split("\n"))
                    .within(Duration.ofMinutes(5))
                    .run();
        }
        new Remains(directory).end(process);
        network.close();
    }
}
