package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.runc.cgroups.CgroupLayout;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hundred starts in a row leave nothing: no descriptor, mount, cgroup or process. */
@RequiresRoot
class ManyStartsTest {
    private static final int STARTS = 100;

    @TempDir
    Path directory;

    /** What a start could leave behind. */
    private record Count(long descriptors, long mounts, long groups, long processes) {
        static Count now(Path directory) throws Exception {
            long groups = 0;
            for (CgroupLayout.Hierarchy hierarchy : CgroupLayout.read().hierarchies()) {
                groups += ofTest(hierarchy.mountPoint());
            }
            try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
                return new Count(
                        fds.count(),
                        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
                                .filter(mount -> mount.contains(directory.toString()))
                                .count(),
                        groups,
                        ProcessHandle.current().descendants().count());
            }
        }

        private static long ofTest(Path mountPoint) throws Exception {
            String own = "drydock-test-" + ProcessHandle.current().pid();
            try (Stream<Path> groups = Files.list(mountPoint)) {
                return groups.filter(group -> group.getFileName().toString().startsWith(own))
                        .mapToLong(group -> group.toFile()
                                .list((dir, name) ->
                                        Files.isDirectory(dir.toPath().resolve(name)))
                                .length)
                        .sum();
            }
        }
    }

    @Test
    void leaveNothingBehind() throws Exception {
        try (RuntimeFixture fixture = new RuntimeFixture(directory)) {
            TestBundle bundle = fixture.bundle("true");
            fixture.run("first", bundle); // what is made once for all: zygote, poller, loaded classes
            Count before = Count.now(directory);
            for (int i = 0; i < STARTS; i++) {
                assertThat(fixture.run("start" + i, bundle(bundle)).code()).isZero();
            }
            Await.value("what there was before", Duration.ofMinutes(1), () -> Count.now(directory), before::equals);
            try (Stream<Path> states = Files.list(directory.resolve("state"))) {
                assertThat(states).isEmpty();
            }
        }
    }

    /** Each container needs a group of its own. */
    private static TestBundle bundle(TestBundle bundle) {
        bundle.linux.remove("cgroupsPath");
        return bundle;
    }
}
