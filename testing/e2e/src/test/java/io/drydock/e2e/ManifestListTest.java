package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker manifest} of both clients with our registry: the same words, the same lists. */
@ExtendWith(Stage.Extension.class)
class ManifestListTest {
    private static final String LIST = "127.0.0.1:5000/library/list:1";
    private static final String ONE = "127.0.0.1:5000/library/busybox:latest";
    private static final String OTHER = "127.0.0.1:5000/elsewhere/other:1";

    @TempDir
    Path directory = Path.of("");

    private final Stage stage;

    ManifestListTest(Stage stage) {
        this.stage = stage;
    }

    @BeforeEach
    void pushTwo() {
        var docker = stage.engine.original();
        docker.text("run", "--name", "changed", "--network", "none", Stage.IMAGE, "touch", "/changed");
        docker.text("commit", "changed", OTHER);
        docker.text("rm", "changed");
        docker.text("push", OTHER);
        docker.text("rmi", OTHER);
    }

    @Test
    void listsAreMadeAndPushed() throws IOException {
        var original = session(Programs.original("docker"));
        var ours = session(Programs.ours("docker"));

        assertThat(ours).isEqualTo(original);
        assertThat(String.join("\n", ours)).contains("Created manifest list " + LIST, "\"variant\": \"v8\"", "sha256:");
    }

    /** Both read what the other wrote. */
    @Test
    void filesAreShared() {
        var original = Programs.original("docker");
        run(original, directory, "create", "--insecure", LIST, ONE, OTHER);
        assertThat(run(Programs.ours("docker"), directory, "inspect", LIST))
                .isEqualTo(run(original, directory, "inspect", LIST));
        run(Programs.ours("docker"), directory, "annotate", "--arch", "s390x", LIST, OTHER);
        assertThat(run(original, directory, "inspect", LIST)).contains("s390x");
    }

    private List<String> session(Path client) throws IOException {
        var home = Files.createTempDirectory(directory, "home");
        var said = new ArrayList<String>();
        for (var words : List.of(
                List.of("create", "--insecure", LIST, ONE, OTHER),
                List.of("create", "--insecure", LIST, ONE),
                List.of("create", "--amend", "--insecure", LIST, ONE),
                List.of("annotate", "--os", "linux", "--arch", "arm64", "--variant", "v8", LIST, OTHER),
                List.of("inspect", "--insecure", LIST),
                List.of("inspect", "--insecure", LIST, OTHER),
                List.of("push", "--purge", "--insecure", LIST),
                List.of("push", "--insecure", LIST),
                List.of("inspect", "--insecure", LIST),
                List.of("inspect", "--insecure", ONE),
                List.of("inspect", "--insecure", "-v", ONE),
                List.of("inspect", "--insecure", "127.0.0.1:5000/library/nothing:1"),
                List.of("rm", LIST))) {
            said.add(words + ": " + run(client, home, words.toArray(String[]::new)));
        }
        return said;
    }

    private String run(Path client, Path home, String... words) {
        Command.Result result = stage.network
                .command(client.toString(), "manifest")
                .with(words)
                .withVariable("HOME", home.toString())
                .withVariable("DOCKER_HOST", null)
                .run();
        return result.exitCode() + "\n" + result.out() + result.err();
    }
}
