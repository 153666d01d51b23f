package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** A data root without room: the pull or load says so, and leaves nothing behind; what is there goes on working. */
class FullDiskTest {
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
        } finally {
            Engine.unmountBelow(disk);
            Command.of("umount", "-l", disk.toString()).run();
            Files.deleteIfExists(disk);
        }
    }
}
