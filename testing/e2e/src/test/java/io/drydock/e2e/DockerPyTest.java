package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Programs written on docker-py (Debian's python3-docker) work with this engine. */
@ExtendWith(Stage.Extension.class)
class DockerPyTest {
    @Test
    void doesWhatProgramsDo(Stage stage, @TempDir Path directory) throws IOException {
        var script = directory.resolve("docker_py.py");
        try (var in = DockerPyTest.class.getResourceAsStream("/docker_py.py")) {
            Files.copy(java.util.Objects.requireNonNull(in), script);
        }
        var result = Command.of("/usr/bin/python3", script.toString(), stage.engine.host(), Stage.IMAGE)
                .run();

        assertThat(result.out()).as(result.toString()).isEqualTo("well\n");
    }
}
