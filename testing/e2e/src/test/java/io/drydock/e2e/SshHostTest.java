package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Engines at {@code ssh://}: a program in place of ssh runs the command for the other machine here, and tells its words. */
@ExtendWith(Stage.Extension.class)
class SshHostTest {
    private static final String SSH = """
            #!/bin/sh
            echo "$*" >> '%s/words'
            while [ "$1" != -- ]; do shift; done
            [ "$2" != refuses ] || { echo "no route" >&2; exit 255; }
            shift 2
            DOCKER_HOST=unix://%s exec sh -c "$*"
            """;

    @TempDir
    Path directory = Path.of("");

    private final Stage stage;

    SshHostTest(Stage stage) {
        this.stage = stage;
    }

    @BeforeEach
    void write() throws IOException {
        var ssh = directory.resolve("ssh");
        Files.writeString(ssh, SSH.formatted(directory, stage.engine.socket()));
        assertThat(ssh.toFile().setExecutable(true)).isTrue();
    }

    private Command docker(String host, String... words) {
        return Docker.ours(host)
                .command(words)
                .withVariable(
                        "PATH", directory + ":" + Programs.ours("docker").getParent() + ":" + System.getenv("PATH"));
    }

    @Test
    void runsAContainer() throws IOException {
        var result = docker("ssh://me@there:2222", "run", "-i", "--rm", Stage.IMAGE, "sh", "-c", "cat; exit 5")
                .withInput("through ssh\n")
                .run();

        assertThat(result.out()).isEqualTo("through ssh\n");
        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(Files.readAllLines(directory.resolve("words")))
                .isNotEmpty()
                .containsOnly("-o ConnectTimeout=30 -T -l me -p 2222 -- there docker system dial-stdio");
    }

    @Test
    void namesTheSocketThere() throws IOException {
        var result = docker("ssh://there" + stage.engine.socket(), "version", "--format", "{{.Server.Os}}")
                .run();

        assertThat(result.ok().text()).isEqualTo("linux");
        assertThat(Files.readString(directory.resolve("words")))
                .contains("-- there docker --host unix://" + stage.engine.socket() + " system dial-stdio");
    }

    @Test
    void saysWhySshFailed() {
        var result = docker("ssh://refuses", "ps").run();

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err())
                .contains("error during connect: command [ssh ")
                .contains("has exited with exit status 255")
                .contains("stderr=no route");
    }
}
