package io.drydock.bench;

import io.drydock.containerd.client.ContainerdClient;
import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One of the two containerds that are compared, in directories and a network namespace of its own. */
final class Containerd implements AutoCloseable {
    final NetNamespace network = NetNamespace.create("bench");
    final Path directory;
    private final Path ctr;
    /** Of its own, because both keep the states of their containers under /run/containerd by namespace and id. */
    private final String namespace;

    private final Path program;
    private final Path configuration;
    private Process process;

    Containerd(Path program, Path ctr) throws IOException {
        this.ctr = ctr;
        directory = Files.createTempDirectory(Path.of("/tmp"), "dc-");
        namespace = directory.getFileName().toString();
        this.program = program;
        configuration = Files.writeString(directory.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                [grpc]
                address = "%1$s/c.sock"
                """.formatted(directory));
        process = start();
    }

    private Process start() throws IOException {
        var started = network.command(program.toString(), "--config", configuration.toString())
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Await.until("containerd answers", () -> ctr("version").run().exitCode() == 0);
        return started;
    }

    /** A {@code kill -9} of containerd alone, and a new one in its place that answers. */
    void killAndStartAgain() throws IOException {
        process.destroyForcibly().onExit().join();
        process = start();
    }

    /** A client of our own. */
    ContainerdClient client() {
        return ContainerdClient.connect(directory.resolve("c.sock"), namespace);
    }

    /** A command of the original client, in this containerd's network. */
    Command ctr(String... words) {
        return network.command(ctr.toString(), "-a", directory.resolve("c.sock").toString(), "-n", namespace)
                .with(words);
    }

    /** The same as words of a shell. */
    String ctr() {
        return ctr + " -a " + directory.resolve("c.sock") + " -n " + namespace;
    }

    /** containerd and its shims. */
    List<ProcessHandle> daemons() {
        return new Remains(directory).processes();
    }

    @Override
    public void close() {
        Command.of("sh", "-c", "for t in $(" + ctr() + " tasks ls -q); do " + ctr() + " tasks rm -f $t; done")
                .run();
        new Remains(directory).end(process);
        network.close();
    }
}
