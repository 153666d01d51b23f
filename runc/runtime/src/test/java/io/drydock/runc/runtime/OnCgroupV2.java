package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.runc.cgroups.CgroupStats;
import io.drydock.testkit.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What containers get of cgroup v2: run inside the guest of {@link UnifiedGuestTest}, which has it with its controllers. */
class OnCgroupV2 {
    private static final Stdio NONE = new Stdio.Descriptors(null, null, null, List.of());

    @TempDir
    Path directory;

    private RuntimeFixture fixture;

    @BeforeEach
    void open() {
        fixture = new RuntimeFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    private Container create(String id, Map<String, Object> resources, String... args) throws Exception {
        TestBundle bundle = fixture.bundle(args);
        bundle.linux.put("resources", resources);
        return fixture.containers.create(fixture.request(id, bundle, NONE));
    }

    private static String file(Container container, String name) throws Exception {
        return Files.readString(container.cgroup().unified().orElseThrow().resolve(name))
                .strip();
    }

    @Test
    void limitsOfVersionOneAreConverted() throws Exception {
        Map<String, Object> resources = Map.of(
                "memory", Map.of("limit", 64 << 20, "swap", 96 << 20, "reservation", 32 << 20),
                "cpu", Map.of("shares", 2048, "quota", 50_000, "period", 200_000),
                "pids", Map.of("limit", 30));
        Container container = create("limits", resources, "sleep", "1000");
        assertThat(file(container, "memory.max")).isEqualTo(Integer.toString(64 << 20));
        assertThat(file(container, "memory.swap.max")).isEqualTo(Integer.toString(32 << 20));
        assertThat(file(container, "memory.low")).isEqualTo(Integer.toString(32 << 20));
        assertThat(file(container, "cpu.weight")).isEqualTo("174");
        assertThat(file(container, "cpu.max")).isEqualTo("50000 200000");
        assertThat(file(container, "pids.max")).isEqualTo("30");
        container.start();
        container.update(
                TestBundle.json(Map.of("memory", Map.of("limit", 128 << 20, "swap", -1), "pids", Map.of("limit", 40))));
        assertThat(file(container, "memory.max")).isEqualTo(Integer.toString(128 << 20));
        assertThat(file(container, "memory.swap.max")).isEqualTo("max");
        assertThat(file(container, "pids.max")).isEqualTo("40");
        assertThat(file(container, "cpu.max"))
                .as("what an update does not name stays")
                .isEqualTo("50000 200000");
    }

    @Test
    void filesOfVersionTwoAreWrittenAsTheyAre() throws Exception {
        Map<String, Object> resources = Map.of("unified", Map.of("memory.high", "33554432", "cpu.weight", "77"));
        Container container = create("unified", resources, "sleep", "1000");
        assertThat(file(container, "memory.high")).isEqualTo("33554432");
        assertThat(file(container, "cpu.weight")).isEqualTo("77");
    }

    @Test
    void devicesThatNoRuleAllowsCannotBeUsed() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.linux.put(
                "resources",
                Map.of(
                        "devices",
                        List.of(Map.of("allow", false, "access", "rwm"), rule(1, 11, "r"), rule(7, 1, "rw"))));
        String said = fixture.shell(
                bundle,
                "cd /dev; mknod kmsg c 1 11; mknod mem c 1 1; cat zero | head -c 1 > null && echo zero;"
                        + " (: < kmsg) && echo kmsg; (: > kmsg); (: < mem); echo end");
        assertThat(said).contains("zero", "kmsg\n", "end").contains("can't create kmsg: Operation not permitted");
        assertThat(said).contains("can't open mem: Operation not permitted");
    }

    private static Map<String, Object> rule(long major, long minor, String access) {
        return Map.of("allow", true, "type", "c", "major", major, "minor", minor, "access", access);
    }

    @Test
    void theFilterHoldsForWhatIsExecutedLater() throws Exception {
        Container container = fixture.sleeper("filtered");
        RuntimeFixture.Outcome outcome = fixture.exec(
                container, "sh", "-c", "mknod /dev/mem c 1 1 && cat /dev/zero | head -c 1 >/dev/null; cat /dev/mem");
        assertThat(outcome.output()).contains("Operation not permitted");
        assertThat(outcome.code()).isNotZero();
    }

    @Test
    void aKillByTheKernelIsToldAndCounted() throws Exception {
        Container container = create("oom", Map.of("memory", Map.of("limit", 16 << 20)), "tail", "/dev/zero");
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        KeptContainers runtime = (KeptContainers) fixture.containers;
        try (AutoCloseable watch =
                container.cgroup().watchOom(runtime.linux, runtime.poller, () -> told.complete(true))) {
            container.start();
            assertThat(container
                            .init()
                            .exit()
                            .get(120, TimeUnit.SECONDS)
                            .status()
                            .signal())
                    .isEqualTo(9);
            assertThat(told.get(60, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(container.oomKills()).isPositive();
        CgroupStats stats = container.cgroup().stats();
        assertThat(stats.memory().usage().limit()).isEqualTo(16 << 20);
        assertThat(stats.memory().usage().failures()).isPositive();
        assertThat(stats.memory().stat()).containsKeys("anon", "inactive_file");
        assertThat(stats.cpu().total()).isPositive();
    }

    @Test
    void pausesAllItsProcessesAndKillsThemAll() throws Exception {
        Container container = create("tree", Map.of(), "sh", "-c", "sleep 1000 & sleep 1000 & wait");
        container.start();
        Await.until("both have begun", () -> container.pids().size() == 3);
        container.pause();
        assertThat(file(container, "cgroup.events")).contains("frozen 1");
        assertThat(container.state().status()).isEqualTo(Status.PAUSED);
        assertThat(container.cgroup().stats().pids().current()).isEqualTo(3);
        container.resume();
        container.pause();
        container.killAll(9);
        container.init().exit().get(60, TimeUnit.SECONDS);
        Await.until("nobody is left", () -> container.pids().isEmpty());
        Path group = container.cgroup().unified().orElseThrow();
        container.delete(false);
        assertThat(group).doesNotExist();
    }

    @Test
    void seesItsOwnGroupAsTheRoot() throws Exception {
        TestBundle bundle = fixture.bundle();
        @SuppressWarnings("unchecked")
        List<Object> namespaces = (List<Object>) Objects.requireNonNull(bundle.linux.get("namespaces"));
        namespaces.add(TestBundle.namespace("cgroup"));
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev", "relatime");
        bundle.linux.put("resources", Map.of("pids", Map.of("limit", 25)));
        assertThat(fixture.shell(bundle, "cat /proc/self/cgroup /sys/fs/cgroup/pids.max; mkdir /sys/fs/cgroup/x"))
                .startsWith("0::/\n25\n")
                .contains("Read-only file system");
    }

    @Test
    void withoutANamespaceItsGroupIsBoundInPlace() throws Exception {
        TestBundle bundle = fixture.bundle();
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev", "relatime");
        bundle.linux.put("resources", Map.of("pids", Map.of("limit", 26)));
        String said = fixture.shell(bundle, "cat /proc/self/cgroup /sys/fs/cgroup/pids.max");
        assertThat(said).startsWith("0::/drydock-test-").endsWith("\n26");
    }

    @Test
    void groupsThatTheContainerMadeAreNoObstacle() throws Exception {
        TestBundle bundle = fixture.bundle(
                "sh",
                "-c",
                "mkdir /sys/fs/cgroup/a /sys/fs/cgroup/a/b;" + " echo 1 > /sys/fs/cgroup/a/b/cgroup.procs; sleep 1000");
        @SuppressWarnings("unchecked")
        List<Object> namespaces = (List<Object>) Objects.requireNonNull(bundle.linux.get("namespaces"));
        namespaces.add(TestBundle.namespace("cgroup"));
        bundle.mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "rw");
        Container container = fixture.containers.create(fixture.request("nested", bundle, NONE));
        container.start();
        Path group = container.cgroup().unified().orElseThrow();
        Await.until(
                "it has moved",
                () -> !Files.readString(group.resolve("a/b/cgroup.procs")).isBlank());
        assertThat(container.pids()).hasSizeGreaterThanOrEqualTo(1);
        Files.writeString(group.resolve("cgroup.subtree_control"), "+pids");
        assertThat(fixture.exec(container, "cat", "/proc/self/cgroup").output())
                .as("beside the first, as the group itself takes no process now")
                .isEqualTo("0::/a/b\n");
        container.delete(true);
        assertThat(group).doesNotExist();
    }

    @Test
    void everyControllerIsHandedDown() throws Exception {
        Container container = fixture.sleeper("controllers");
        assertThat(file(container, "cgroup.controllers").split(" ")).contains("cpu", "io", "memory", "pids");
    }
}
