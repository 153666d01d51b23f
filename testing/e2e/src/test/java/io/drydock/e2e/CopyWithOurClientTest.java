package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** `docker cp` both ways, from a running and a stopped container, and as a tar archive. */
@ExtendWith(Stage.Extension.class)
class CopyWithOurClientTest {
    private final Stage stage;

    CopyWithOurClientTest(Stage stage) {
        this.stage = stage;
    }

    @Test
    void copiesInAndOut(@TempDir Path here) throws IOException {
        var docker = stage.engine.ours();
        docker.text("run", "-d", "--name", "copied", "--network", "none", "busybox", "sleep", "1000");
        try {
            Files.createDirectories(here.resolve("in/sub"));
            Files.writeString(here.resolve("in/sub/file"), "from here\n");
            docker.text("cp", here.resolve("in").toString(), "copied:/new");
            assertThat(docker.text("exec", "copied", "cat", "/new/sub/file")).isEqualTo("from here");

            docker.text("exec", "copied", "sh", "-c", "echo there > /new/sub/file; ln -s sub/file /new/link");
            docker.text("cp", "copied:/new/.", here.resolve("out").toString());
            assertThat(here.resolve("out/sub/file")).hasContent("there\n");
            assertThat(Files.readSymbolicLink(here.resolve("out/link"))).hasToString("sub/file");
            docker.text("cp", "-L", "copied:/new/link", here.resolve("followed").toString());
            assertThat(here.resolve("followed")).isRegularFile().hasContent("there\n");

            docker.text("kill", "copied");
            var tar = here.resolve("new.tar");
            Command.of("sh", "-c", "\"$0\" \"$@\" > " + tar)
                    .with(docker.program().toString(), "-H", docker.host(), "cp", "copied:/new", "-")
                    .run()
                    .ok();
            assertThat(Command.of("tar", "-tf", tar.toString()).run().ok().text())
                    .contains("new/sub/file");
            Command.of("sh", "-c", "\"$0\" \"$@\" < " + tar)
                    .with(docker.program().toString(), "-H", docker.host(), "cp", "-", "copied:/tmp")
                    .run()
                    .ok();
            docker.text("cp", "copied:/tmp/new/sub/file", here.resolve("again").toString());
            assertThat(here.resolve("again")).hasContent("there\n");

            var refused = docker.run("cp", "copied:/absent", here.toString());
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.err())
                    .isEqualTo("Error response from daemon: Could not find the file /absent in container copied\n");
        } finally {
            docker.run("rm", "-f", "copied");
        }
    }
}
