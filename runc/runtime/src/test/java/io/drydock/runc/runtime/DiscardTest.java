package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a killed creation leaves can be removed; containers cannot be removed that way. */
@RequiresRoot
class DiscardTest {
    private static final String GROUP =
            "drydock-discard-" + ProcessHandle.current().pid();

    @TempDir
    Path root;

    @Test
    void aHalfMadeContainerGoesWithItsGroups() throws IOException {
        Path half = Files.createDirectory(root.resolve("half"));
        Files.writeString(
                half.resolve("config.json"),
                "{\"ociVersion\":\"1.0.2\",\"linux\":{\"cgroupsPath\":\"/" + GROUP + "\"}}");
        Files.createFile(half.resolve("keeper.sock"));
        try (Containers containers = Containers.open(Containers.Config.of(root))) {
            containers.discard("half");
            containers.discard("nothing");
        }
        assertThat(half).doesNotExist();
        try (Stream<Path> hierarchies = Files.list(Path.of("/sys/fs/cgroup"))) {
            assertThat(hierarchies.map(hierarchy -> hierarchy.resolve(GROUP)).filter(Files::exists))
                    .isEmpty();
        }
    }

    @Test
    void aContainerStays() throws IOException {
        Path whole = Files.createDirectory(root.resolve("whole"));
        Files.createFile(whole.resolve("state.json"));
        try (Containers containers = Containers.open(Containers.Config.of(root))) {
            containers.discard("whole");
        }
        assertThat(whole).exists();
    }
}
