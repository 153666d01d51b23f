package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.Linux;
import io.drydock.runc.cgroups.Resctrl;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    void theRootOfAKilledRestorationStays() throws IOException {
        Path rootfs = Files.createDirectory(root.resolve("rootfs"));
        Path file = Files.writeString(rootfs.resolve("file"), "the container's");
        Path half = Files.createDirectory(root.resolve("half"));
        CriuRoot mounted = CriuRoot.mount(Linux.system(), half, rootfs, List.of());
        try (Containers containers = Containers.open(Containers.Config.of(root))) {
            assertThat(mounted.path().resolve("file")).exists();
            containers.discard("half");
            assertThat(half).doesNotExist();
            assertThat(file).exists();
        } finally {
            CriuRoot.detach(Linux.system(), half);
        }
    }

    @Test
    void whatIsNotTheRuntimesOwnStays() throws IOException {
        Path half = Files.createDirectory(root.resolve("half"));
        Path file =
                Files.writeString(Files.createDirectory(half.resolve("other")).resolve("file"), "");
        try (Containers containers = Containers.open(Containers.Config.of(root))) {
            assertThatThrownBy(() -> containers.discard("half")).isInstanceOf(RuntimeFailure.class);
        }
        assertThat(file).exists();
    }

    @Test
    void sharesOfCachesGoToo() throws IOException {
        Path mounted = root.resolve("resctrl");
        Path shares = Files.createDirectories(mounted.resolve("half"));
        Path half = Files.createDirectory(root.resolve("half"));
        Files.writeString(
                half.resolve("config.json"), "{\"linux\":{\"cgroupsPath\":\"/" + GROUP + "\",\"intelRdt\":{}}}");
        try (Containers containers = Containers.open(Containers.Config.of(root).withResctrl(new Resctrl(mounted)))) {
            containers.discard("half");
        }
        assertThat(half).doesNotExist();
        assertThat(shares).doesNotExist();
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
