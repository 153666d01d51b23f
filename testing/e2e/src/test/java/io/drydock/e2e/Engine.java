package io.drydock.e2e;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A dockerd in directories and a network namespace of its own. Closing it removes every container, ends the daemon and
 * checks nothing: tests that look for leaks do so themselves.
 */
final class Engine implements AutoCloseable {
    /** Short, so that the sockets in it keep below the 107 bytes that an address may have. */
    final Path directory;

    final NetNamespace network;
    private final Path program;
    private final List<String> flags;
    private final Map<String, String> environment = new HashMap<>();
    private final boolean ownsNetwork;
    private @Nullable Process process;

    private Engine(Path program, NetNamespace network, boolean ownsNetwork, List<String> flags) {
        try {
            this.directory = Files.createTempDirectory(Path.of("/tmp"), "dd-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.program = program;
        this.network = network;
        this.ownsNetwork = ownsNetwork;
        this.flags = List.copyOf(flags);
    }

    /** Starts our dockerd in a namespace of its own, with these flags besides the directories and the socket. */
    static Engine alone(String... flags) {
        return startIn(Programs.ours("dockerd"), NetNamespace.create("e2e"), true, List.of(flags));
    }

    /** Starts our dockerd in a namespace that others live in too, with a variable in its environment. */
    static Engine startWith(NetNamespace network, String variable, String value) {
        var engine = new Engine(Programs.ours("dockerd"), network, false, List.of());
        engine.environment.put(variable, value);
        return engine.started();
    }

    /** Starts our dockerd in a namespace that others live in too. */
    static Engine startIn(NetNamespace network, String... flags) {
        return startIn(Programs.ours("dockerd"), network, false, List.of(flags));
    }

    /** Starts that dockerd, ours or the original. */
    static Engine startIn(Path program, NetNamespace network, boolean ownsNetwork, List<String> flags) {
        return new Engine(program, network, ownsNetwork, flags).started();
    }

    private Engine started() {
        try {
            start();
        } catch (AssertionError e) {
            close();
            throw e;
        }
        return this;
    }

    String host() {
        return "unix://" + socket();
    }

    Path socket() {
        return directory.resolve("d.sock");
    }

    Path log() {
        return directory.resolve("dockerd.log");
    }

    Docker original() {
        return Docker.original(host());
    }

    Docker ours() {
        return Docker.ours(host());
    }

    /** Starts the daemon, first or again, and waits until it answers. */
    void start() {
        var command = network.command(
                program.toString(),
                "--data-root",
                directory.resolve("data").toString(),
                "--exec-root",
                directory.resolve("exec").toString(),
                "--pidfile",
                directory.resolve("d.pid").toString(),
                "-H",
                host());
        // as a service manager does it: the daemon leads a session and a group of its own
        var words = new ArrayList<>(List.of("setsid"));
        words.addAll(command.words());
        words.addAll(flags);
        try {
            var builder = new Command(words, command.environment(), null, new byte[0], command.limit()).builder();
            builder.environment().putAll(environment);
            process = builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var started = process;
        Await.until("dockerd answers; " + log(), Duration.ofSeconds(180), () -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("dockerd ended with " + started.exitValue() + ":\n" + tailOfLog());
            }
            return original().run("version", "--format", "{{.Server.Version}}").exitCode() == 0;
        });
    }

    String tailOfLog() {
        try {
            var lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    ProcessHandle process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        // nsenter becomes the launcher and the launcher becomes the program, all by exec: it is one process
        return process.toHandle();
    }

    /** Ends the daemon as a power cut would: no chance to do anything. */
    void kill() {
        process().destroyForcibly();
        process().onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** Ends the daemon as the service manager would, and waits. */
    void terminate() {
        process().destroy();
        process().onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** As {@link #terminate}, with a signal to all of its process group, as a terminal or a supervisor sends it. */
    void terminateGroup() {
        Command.of("kill", "-TERM", "--", "-" + process().pid()).run().ok();
        process().onExit().orTimeout(60, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        if (process != null && process.isAlive()) {
            var ids = original().run("ps", "-aq").text();
            if (!ids.isEmpty()) {
                original().command("rm", "-f").with(ids.split("\n")).run();
            }
            process.destroy();
            try {
                if (!process.waitFor(40, TimeUnit.SECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        endLeftOver();
        unmountBelow(directory);
        deleteTree(directory);
        if (ownsNetwork) {
            network.close();
        }
    }

    /** Ends the processes that were started with this directory in their command line: shims outlive their daemon. */
    private void endLeftOver() {
        ProcessTree.mentioning(directory.toString()).forEach(handle -> {
            handle.destroyForcibly();
            handle.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
    }

    static void unmountBelow(Path directory) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mounts"))) {
            lines.map(line -> line.split(" ")[1])
                    .filter(point -> point.startsWith(directory + "/"))
                    .sorted(Comparator.reverseOrder())
                    .forEach(point -> Command.of("umount", "-l", point).run());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteTree(Path directory) {
        Command.of("rm", "-rf", directory.toString()).run();
    }
}
