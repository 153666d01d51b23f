package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** `docker info` over TCP prints all that Docker prints, with true values; and who may reach the engine. */
class InfoTest {
    @ParameterizedTest
    @ValueSource(strings = {"original", "ours"})
    void printsEverySection(String client) {
        try (var engine = Engine.alone("-H", "127.0.0.1:1234", "--registry-mirror", "http://127.0.0.1:5000")) {
            var program = client.equals("ours") ? Programs.ours("docker") : Programs.original("docker");
            var result = engine.network
                    .command(program.toString(), "-H", "127.0.0.1:1234", "info")
                    .withVariable("DOCKER_HOST", null)
                    .run()
                    .ok();

            var uname = Command.of("uname", "-r").run().text();
            assertThat(result.out().lines().map(String::strip).toList())
                    .contains(
                            "Containers: 0",
                            "Running: 0",
                            "Paused: 0",
                            "Stopped: 0",
                            "Images: 0",
                            "Storage Driver: overlay2",
                            "Backing Filesystem: " + backingFilesystem(engine.directory),
                            "Supports d_type: true",
                            "Native Overlay Diff: true",
                            "userxattr: false",
                            "Logging Driver: json-file",
                            "Cgroup Driver: cgroupfs",
                            "Cgroup Version: 1",
                            "Plugins:",
                            "Volume: local",
                            "Swarm: inactive",
                            "Default Runtime: runc",
                            "Init Binary: docker-init",
                            "Security Options:",
                            "seccomp",
                            "Kernel Version: " + uname,
                            "OSType: linux",
                            "Architecture: x86_64",
                            "CPUs: " + Runtime.getRuntime().availableProcessors(),
                            "Docker Root Dir: " + engine.directory.resolve("data"),
                            "Name: " + Command.of("hostname").run().text(),
                            "Experimental: false",
                            "Insecure Registries:",
                            "127.0.0.0/8",
                            "Registry Mirrors:",
                            "http://127.0.0.1:5000/",
                            "Live Restore Enabled: false",
                            "Profile: builtin");
            assertThat(result.out())
                    .contains(
                            "Server Version: ",
                            "Using metacopy: ",
                            "Network: bridge",
                            "Log: ",
                            "Runtimes: ",
                            "runc",
                            "containerd version: ",
                            "runc version: ",
                            "init version: ",
                            "Operating System: ",
                            "Total Memory: ",
                            "ID: ",
                            "Debug Mode: false");
            assertThat(result.out() + result.err())
                    .contains("API is accessible on http://127.0.0.1:1234 without encryption.");
        }
    }

    private static String backingFilesystem(Path directory) {
        var type =
                Command.of("stat", "-f", "-c", "%T", directory.toString()).run().text();
        return type.startsWith("ext2") ? "extfs" : type;
    }

    @Test
    void countsContainersAndImages() {
        try (var engine = Engine.alone()) {
            var docker = engine.ours();
            var tar = BusyboxImage.rootfs(engine.directory);
            docker.text("import", tar.toString(), "box");
            docker.text("run", "-d", "--name", "up", "box", "sleep", "1000");
            docker.text("create", "--name", "new", "box", "true");
            docker.text("run", "-d", "--name", "frozen", "box", "sleep", "1000");
            docker.text("pause", "frozen");

            assertThat(
                            docker.text(
                                    "info",
                                    "-f",
                                    "{{.Containers}} {{.ContainersRunning}} {{.ContainersPaused}} {{.ContainersStopped}} {{.Images}}"))
                    .isEqualTo("3 1 1 1 1");
            docker.text("unpause", "frozen");
        }
    }

    @Test
    void keepsOthersAway() throws Exception {
        try (var engine = Engine.alone()) {
            var mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(engine.socket()));
            assertThat(mode).isEqualTo("rw-rw----");
            Files.setPosixFilePermissions(engine.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
            var stranger = Command.of(
                            "setpriv",
                            "--reuid=65534",
                            "--regid=65534",
                            "--clear-groups",
                            Programs.original("docker").toString(),
                            "-H",
                            engine.host(),
                            "ps")
                    .withVariable("HOME", "/tmp")
                    .run();
            assertThat(stranger.exitCode()).isEqualTo(1);
            assertThat(stranger.err()).contains("permission denied");
        }
    }
}
