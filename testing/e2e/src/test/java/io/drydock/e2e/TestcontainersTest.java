package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests written on Testcontainers work with this engine. They connect to published ports, so {@link TestcontainersProgram}
 * runs in a JVM of its own in the engine's network namespace; images come from our registry as a mirror of Docker Hub.
 */
@ExtendWith(Stage.Extension.class)
class TestcontainersTest {
    /**
     * Testcontainers starts its reaper first. This stand-in for its image acknowledges what it is told, as the reaper does,
     * and removes nothing.
     */
    private static final String REAPER =
            "CMD [\"sh\",\"-c\",\"echo Started; exec nc -ll -p 8080 -e sh -c 'while read l; do echo ACK; done'\"]";

    @Test
    void doesWhatTestsDo(Stage stage, @TempDir Path home) {
        var docker = stage.engine.original();
        var reaper = "127.0.0.1:5000/testcontainers/ryuk:" + TestcontainersProgram.REAPER_TAG;
        docker.text("run", "--name", "reaper", "--network", "none", Stage.IMAGE, "true");
        docker.text("commit", "-c", REAPER, "-c", "EXPOSE 8080", "reaper", reaper);
        docker.text("rm", "reaper");
        docker.text("push", reaper);
        docker.text("rmi", reaper);
        try {
            var result = program(stage.network, home)
                    .withVariable("DOCKER_HOST", stage.engine.host())
                    .withVariable("TESTCONTAINERS_HOST_OVERRIDE", "127.0.0.1")
                    .withVariable("HOME", home.toString())
                    .within(Duration.ofMinutes(3))
                    .run();

            assertThat(result.out()).as(result.toString()).isEqualTo("well\n");
        } finally {
            var left = docker.text("ps", "-aq", "--filter", "label=org.testcontainers");
            if (!left.isEmpty()) {
                docker.command("rm", "-f").with(left.split("\n")).run();
            }
        }
    }

    private static Command program(NetNamespace network, Path home) {
        return network.command(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + home,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                TestcontainersProgram.class.getName());
    }
}
