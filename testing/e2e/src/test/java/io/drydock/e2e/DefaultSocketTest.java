package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * dockerd as people start it, without {@code -H}: on {@code /var/run/docker.sock} and nowhere else. It gets a /run of its
 * own, in a mount namespace, so that no other engine's socket is touched.
 */
@RequiresRoot
class DefaultSocketTest {
    @Test
    void withoutAHostItListensOnTheUsualSocketOnly(@TempDir Path directory) throws Exception {
        try (var network = NetNamespace.create("e2e")) {
            var log = directory.resolve("log");
            var dockerd = network.command(
                            "unshare",
                            "--mount",
                            "sh",
                            "-c",
                            "mount -t tmpfs tmpfs /run && exec \"$0\" --data-root \"$1\"",
                            Programs.ours("dockerd").toString(),
                            directory.resolve("data").toString())
                    .builder()
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            try {
                Await.until("dockerd answers", Duration.ofSeconds(60), () -> {
                    assertThat(dockerd.isAlive()).as(Files.readString(log)).isTrue();
                    return inside(dockerd, "docker", "version").run().exitCode() == 0;
                });
                for (var client : new Path[] {Programs.original("docker"), Programs.ours("docker")}) {
                    assertThat(inside(dockerd, client.toString(), "info", "-f", "{{.DockerRootDir}}")
                                    .run()
                                    .text())
                            .isEqualTo(directory.resolve("data").toString());
                }
                assertThat(inside(dockerd, "stat", "-c", "%F %a %U", "/var/run/docker.sock")
                                .run()
                                .text())
                        .isEqualTo("socket 660 root");
                var tcp = inside(dockerd, "cat", "/proc/net/tcp", "/proc/net/tcp6")
                        .run()
                        .out();
                // 0A is the state of a socket that listens
                assertThat(tcp.lines().filter(line -> line.matches(" *\\d+: \\S+ \\S+ 0A .*")))
                        .isEmpty();
                var stranger = inside(
                                dockerd,
                                "setpriv",
                                "--reuid=65534",
                                "--regid=65534",
                                "--clear-groups",
                                Programs.original("docker").toString(),
                                "ps")
                        .withVariable("HOME", "/tmp")
                        .run();
                assertThat(stranger.exitCode()).isEqualTo(1);
                assertThat(stranger.err()).contains("permission denied");
            } finally {
                dockerd.destroy();
                if (!dockerd.waitFor(60, TimeUnit.SECONDS)) {
                    dockerd.destroyForcibly();
                }
                ProcessTree.mentioning(directory.toString()).forEach(ProcessHandle::destroyForcibly);
            }
        }
    }

    private static Command inside(Process dockerd, String... words) {
        return Command.of("nsenter", "--target=" + dockerd.pid(), "--mount", "--net")
                .with(words)
                .withVariable("DOCKER_HOST", null);
    }
}
