package io.drydock.containerd.client;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** containerd's own daemon, with everything it owns in a test's directory. */
final class OriginalContainerd implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/bin/containerd");

    private final Path dir;
    private Process process;

    OriginalContainerd(Path dir) throws IOException {
        this.dir = dir;
        Files.writeString(dir.resolve("config.toml"), """
                version = 2
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                """);
        start();
    }

    static boolean available() {
        return Files.isExecutable(PROGRAM);
    }

    Path socket() {
        return dir.resolve("c.sock");
    }

    void start() throws IOException {
        process = Command.of(
                        PROGRAM.toString(),
                        "--config",
                        dir.resolve("config.toml").toString(),
                        "--root",
                        dir.resolve("root").toString(),
                        "--state",
                        dir.resolve("state").toString(),
                        "--address",
                        socket().toString(),
                        "--log-level",
                        "warn")
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(dir.resolve("log").toFile()))
                .start();
        Await.until("containerd listens", Duration.ofSeconds(30), () -> Files.exists(socket()));
    }

    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            kill();
        }
    }
}
