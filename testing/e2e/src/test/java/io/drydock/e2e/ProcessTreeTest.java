package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is whose parent: dockerd → containerd → shim, and the keeper of each container. */
@ExtendWith(Stage.Extension.class)
class ProcessTreeTest {
    @Test
    void isTheOneOfTheDesign(Stage stage) throws Exception {
        var docker = stage.engine.original();
        docker.text("run", "-d", "--name", "tree-a", "busybox", "sleep", "1000");
        docker.text("run", "-d", "--name", "tree-b", "busybox", "sleep", "1000");
        try {
            var dockerd = stage.engine.process();
            var containerd =
                    ProcessTree.descendant(dockerd, "containerd.server.Main").orElseThrow();
            assertThat(ProcessTree.parent(containerd.pid())).isEqualTo(dockerd.pid());
            var shims = ProcessTree.mentioning("containerd.shim.Main").stream()
                    .filter(shim -> ProcessTree.commandLine(shim.pid()).contains(stage.engine.directory.toString()))
                    .toList();
            assertThat(shims).as("one shim for all containers").hasSize(1);
            assertThat(ProcessTree.parent(shims.getFirst().pid())).isEqualTo(containerd.pid());
            for (var name : new String[] {"tree-a", "tree-b"}) {
                long init = Long.parseLong(docker.text("inspect", "-f", "{{.State.Pid}}", name));
                long keeper = ProcessTree.parent(init);
                assertThat(Files.readString(Path.of("/proc/" + keeper + "/comm"))
                                .strip())
                        .isEqualTo("drydock-keeper");
                assertThat(Files.readString(Path.of("/proc/" + keeper + "/cgroup")))
                        .doesNotContain(docker.text("inspect", "-f", "{{.Id}}", name));
                assertThat(privateKilobytes(keeper))
                        .as("private memory of the keeper")
                        .isLessThanOrEqualTo(150);
            }
        } finally {
            docker.text("rm", "-f", "tree-a", "tree-b");
        }
    }

    private static long privateKilobytes(long pid) throws Exception {
        return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
                .filter(line -> line.startsWith("Private_"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .sum();
    }
}
