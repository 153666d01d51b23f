package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client starts fast as long as all its classes come from the start-up cache: its training must know every command. */
@ExtendWith(Stage.Extension.class)
class StartupTest {
    private final Stage stage;

    StartupTest(Stage stage) {
        this.stage = stage;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ps", "ps -a", "version", "images", "info", "run --rm --network host busybox true", "network ls"
            })
    void everyClassComesFromTheCache(String words, @TempDir Path scratch) throws IOException {
        assumeTrue(
                Files.exists(Path.of(System.getProperty("drydock.home"), "aot/docker.aot")),
                "the programs were built without start-up caches");
        var log = scratch.resolve("classes");
        var docker = stage.engine.ours();
        stage.engine
                .original()
                .text("run", "-d", "--name", "startup", "-p", "127.0.0.1::80", "busybox", "sleep", "1000");
        try {
            docker.command(words.split(" "))
                    .withVariable("DRYDOCK_JAVA_OPTS", "-Xlog:class+load:file=" + log)
                    .run()
                    .ok();
        } finally {
            stage.engine.original().run("rm", "-f", "startup");
        }

        List<String> lines = Files.readAllLines(log);
        assertThat(lines).as("classes loaded").hasSizeGreaterThan(300);
        assertThat(lines.stream()
                        .filter(line -> !line.contains("source: shared objects file"))
                        .filter(line -> line.contains("io.drydock.") || line.contains("Lambda"))
                        .toList())
                .as("classes that are loaded from jars or made at run time")
                .isEmpty();
    }
}
