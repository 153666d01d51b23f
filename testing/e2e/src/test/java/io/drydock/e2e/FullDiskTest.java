package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A data root without room: the pull or load says so, and leaves nothing behind; what is there goes on working. */
class FullDiskTest {
    /** A layer that comes in some kilobytes and unpacks to more than there is room for. */
    private static void aBombIsReported(Engine engine) throws Exception {
        var bomb = Files.createDirectories(engine.directory.resolve("bomb"));
        var layer = engine.directory.resolve("bomb.tar");
        Command.of("truncate", "-s", "200M", bomb.resolve("zeros").toString())
                .run()
                .ok();
        Command.of("tar", "-C", bomb.toString(), "-cf", layer.toString(), ".")
                .run()
                .ok();
        var archive = OciArchive.write(bomb, layer, "bomb");
        try (var registry = Registry.ours(engine.network, 5000)) {
            var name = registry.address() + "/bomb:1";
            engine.network
                    .command("skopeo", "--insecure-policy", "copy", "-q", "--dest-tls-verify=false")
                    .with("oci-archive:" + archive, "docker://" + name)
                    .run()
                    .ok();
            var docker = engine.original();
            var result = docker.run("pull", name);
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).contains("no space left on device");
            assertThat(docker.text("images", "--format", "{{.Repository}}")).isEqualTo("box");
            assertThat(docker.text("run", "--rm", "box", "echo", "still here")).isEqualTo("still here");
        }
    }

    @Test
    void isReportedAndSurvived() throws Exception {
        var disk = Files.createTempDirectory(java.nio.file.Path.of("/tmp"), "df-");
        Command.of("mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk.toString())
                .run()
                .ok();
        try (var engine = Engine.alone("--data-root", disk.resolve("data").toString())) {
            var docker = engine.original();
            docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), "box");
            var big = engine.directory.resolve("big");
            Files.createDirectories(big);
            Command.of("dd", "if=/dev/urandom", "of=" + big.resolve("noise"), "bs=1M", "count=40")
                    .run()
                    .ok();
            Command.of(
                            "tar",
                            "-C",
                            big.toString(),
                            "-cf",
                            engine.directory.resolve("big.tar").toString(),
                            ".")
                    .run()
                    .ok();

            var result =
                    docker.run("import", engine.directory.resolve("big.tar").toString(), "big");
            assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
            assertThat(result.err()).contains("no space left on device");
            assertThat(docker.text("images", "--format", "{{.Repository}}")).isEqualTo("box");
            var written = docker.run("run", "--rm", "box", "sh", "-c", "dd if=/dev/zero of=/noise bs=1M count=40");
            assertThat(written.err()).contains("No space left on device");
            assertThat(docker.text("run", "--rm", "box", "echo", "still here")).isEqualTo("still here");
            aBombIsReported(engine);
        } finally {
            Engine.unmountBelow(disk);
            Command.of("umount", "-l", disk.toString()).run();
            Files.deleteIfExists(disk);
        }
    }
}
