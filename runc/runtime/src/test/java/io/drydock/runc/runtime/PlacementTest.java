package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.runc.cgroups.Resctrl;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On which memory and with which share of the caches a container runs. */
@RequiresRoot
class PlacementTest {
    private static final Path NUMA = Path.of("/proc/self/numa_maps");

    @TempDir
    Path directory;

    private static void policy(TestBundle bundle, String mode, String nodes, String... flags) {
        bundle.linux.put("memoryPolicy", Map.of("mode", mode, "nodes", nodes, "flags", List.of(flags)));
    }

    @Test
    void memoryPolicyCountsForInitAndExec() throws Exception {
        Assumptions.assumeTrue(Files.exists(NUMA), "a kernel with NUMA");
        try (RuntimeFixture fixture = new RuntimeFixture(directory)) {
            TestBundle bundle = fixture.bundle("sleep", "1000");
            policy(bundle, "MPOL_BIND", "0", "MPOL_F_STATIC_NODES");
            Container container = fixture.containers.create(
                    fixture.request("bound", bundle, new Stdio.Descriptors(null, null, null, List.of())));
            container.start();
            assertThat(Files.readString(Path.of("/proc/" + container.init().pid() + "/numa_maps")))
                    .contains(" bind=static:0 ");
            assertThat(fixture.exec(container, "cat", NUMA.toString()).output()).contains(" bind=static:0 ");
        }
    }

    @Test
    void impossibleMemoryPoliciesAreRefused() throws Exception {
        try (RuntimeFixture fixture = new RuntimeFixture(directory)) {
            refused(fixture, "INTERLEAVE", "0", "invalid memory policy mode \"INTERLEAVE\"");
            refused(fixture, "MPOL_BIND", "", "memory policy mode requires at least one node but got 0");
            refused(fixture, "MPOL_DEFAULT", "0-7", "memory policy mode requires 0 nodes but got 8");
            refused(fixture, "MPOL_BIND", "0-9876543210", "invalid memory policy nodes \"0-9876543210\"");
            refused(fixture, "MPOL_PREFERRED", "0", "invalid memory policy flag \"bad\"", "bad");
        }
    }

    private static void refused(RuntimeFixture fixture, String mode, String nodes, String message, String... flags)
            throws Exception {
        TestBundle bundle = fixture.bundle("true");
        policy(bundle, mode, nodes, flags);
        assertThatThrownBy(() -> fixture.run("refused", bundle)).hasMessage(message);
        assertThat(fixture.containers.list()).isEmpty();
    }

    @Test
    void initAndExecEnterTheGroupOfTheirCaches() throws Exception {
        Path mounted = directory.resolve("resctrl");
        Path group = Files.createDirectories(mounted.resolve("gold"));
        Path tasks = Files.writeString(group.resolve("tasks"), "");
        Containers.Config config = Containers.Config.of(directory.resolve("state"));
        Resctrl resctrl = new Resctrl(mounted);
        try (RuntimeFixture fixture = new RuntimeFixture(directory, config.withResctrl(resctrl))) {
            TestBundle bundle = fixture.bundle("sleep", "1000");
            bundle.linux.put("intelRdt", Map.of("closID", "gold"));
            CreateRequest request =
                    fixture.request("cached", bundle, new Stdio.Descriptors(null, null, null, List.of()));
            Container container = fixture.containers.create(request);
            assertThat(tasks).hasContent("0"); // by which a process means itself
            Files.writeString(tasks, "");
            container.start();
            Container again = fixture.containers.load("cached");
            assertThat(fixture.exec(again, "true").code()).isZero();
            assertThat(tasks).hasContent("0");
            again.delete(true);
            assertThat(group).isDirectory();
        }
    }

    @Test
    void withoutResctrlAShareIsRefused() throws Exception {
        Assumptions.assumeTrue(Resctrl.mounted().isEmpty(), "no resctrl file system");
        try (RuntimeFixture fixture = new RuntimeFixture(directory)) {
            TestBundle bundle = fixture.bundle("true");
            bundle.linux.put("intelRdt", Map.of("l3CacheSchema", "L3:0=f"));
            assertThatThrownBy(() -> fixture.run("cached", bundle))
                    .hasMessage("intelRdt is specified in config, but Intel RDT is not enabled");
            assertThat(fixture.containers.list()).isEmpty();
        }
    }
}
