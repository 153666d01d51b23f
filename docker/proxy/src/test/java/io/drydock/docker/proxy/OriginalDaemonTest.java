package io.drydock.docker.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Debian's dockerd publishes a port through this docker-proxy. */
@RequiresRoot
class OriginalDaemonTest {
    private static final Path DOCKERD = Path.of("/usr/sbin/dockerd");
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private Path directory;
    private NetNamespace network;
    private Process daemon;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Files.exists(DOCKERD) && Files.exists(BUSYBOX), "docker.io of Debian is not installed");
        directory = Files.createTempDirectory(Path.of("/tmp"), "dd-orig");
        network = NetNamespace.create("dd-orig");
        daemon = network.command(
                        DOCKERD.toString(),
                        "--userland-proxy-path=" + proxyProgram(),
                        "--storage-driver=vfs",
                        "--data-root=" + directory.resolve("data"),
                        "--exec-root=" + directory.resolve("exec"),
                        "--pidfile=" + directory.resolve("pid"),
                        "--host=unix://" + directory.resolve("docker.sock"))
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Await.until("dockerd answers", () -> docker("version").run().exitCode() == 0);
    }

    @AfterEach
    void stop() throws Exception {
        if (daemon != null) {
            daemon.destroy();
            if (!daemon.waitFor(60, TimeUnit.SECONDS)) {
                daemon.descendants().forEach(ProcessHandle::destroyForcibly);
                daemon.destroyForcibly().waitFor();
            }
        }
        if (network != null) {
            network.close();
        }
        if (directory != null) {
            Command.of(
                            "sh",
                            "-c",
                            "grep -o ' '\"$0\"'[^ ]*' /proc/self/mounts | xargs -r umount -l",
                            directory.toString())
                    .run();
            try (var files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
    }

    private Path proxyProgram() throws IOException {
        var script = directory.resolve("docker-proxy");
        Files.writeString(
                script, """
                #!/bin/sh
                exec '%s/bin/java' -Ddrydock.test=proxy --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto \
                -cp '%s' io.drydock.docker.proxy.Main "$@"
                """.formatted(System.getProperty("java.home"), System.getProperty("java.class.path")));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    private Command docker(String... words) {
        return Command.of("docker", "-H", "unix://" + directory.resolve("docker.sock"))
                .with(words);
    }

    @Test
    void publishesAPort() throws Exception {
        var image = directory.resolve("image");
        Files.createDirectories(image.resolve("bin"));
        Files.copy(BUSYBOX, image.resolve("bin/busybox"));
        Files.setPosixFilePermissions(image.resolve("bin/busybox"), PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(image.resolve("index.html"), "it works");
        Command.of(
                        "tar",
                        "-C",
                        image.toString(),
                        "-cf",
                        directory.resolve("image.tar").toString(),
                        ".")
                .run()
                .ok();
        docker("import", directory.resolve("image.tar").toString(), "web").run().ok();

        docker("run", "-d", "--name", "web", "-p", "127.0.0.1:8080:80", "web", "/bin/busybox", "httpd", "-f", "-h", "/")
                .run()
                .ok();
        assertThat(proxies()).isEqualTo(1);
        assertThat(fetch()).isEqualTo("it works");

        var second = docker("run", "-d", "-p", "127.0.0.1:8080:80", "web", "/bin/busybox", "true")
                .run();
        assertThat(second.err()).contains("Bind for 127.0.0.1:8080 failed: port is already allocated");
        docker("rm", "-f", "web").run().ok();
        Await.until("docker-proxy has ended", () -> proxies() == 0);
    }

    private String fetch() {
        return Await.value(
                        "an answer",
                        Duration.ofSeconds(60),
                        () -> network.command("curl", "-s", "--max-time", "10", "http://127.0.0.1:8080/index.html")
                                .run(),
                        result -> result.exitCode() == 0)
                .text();
    }

    private long proxies() {
        return daemon.descendants()
                .filter(process -> process.info().commandLine().orElse("").contains("-Ddrydock.test=proxy"))
                .count();
    }
}
