package io.drydock.runc.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.linux.ExitStatus;
import io.drydock.linux.Fd;
import io.drydock.linux.PipeCalls;
import io.drydock.runc.cgroups.CgroupStats;
import io.drydock.testkit.Await;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
class LifecycleTest {
    private static final Stdio NONE = new Stdio.Descriptors(null, null, null, List.of());

    @TempDir
    Path directory;

    private RuntimeFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new RuntimeFixture(directory);
    }

    @AfterEach
    void close() throws Exception {
        fixture.close();
    }

    @Test
    void runsAProgramAndReportsItsExitCode() throws Exception {
        assertThat(fixture.run("hello", fixture.bundle("sh", "-c", "echo hello; exit 7")))
                .isEqualTo(new RuntimeFixture.Outcome("hello\n", 7));
        assertThat(fixture.containers.list()).isEmpty();
    }

    @Test
    void passesThroughTheStatesOfALife() throws Exception {
        Container container = fixture.containers.create(fixture.request("life", fixture.bundle("sleep", "1000"), NONE));
        assertThat(container.state().status()).isEqualTo(Status.CREATED);
        assertThat(container.state().pid()).isPositive();
        container.start();
        assertThat(container.state().status()).isEqualTo(Status.RUNNING);
        assertThatThrownBy(container::start).hasMessage("cannot start an already running container");
        assertThatThrownBy(() -> container.delete(false)).hasMessageContaining("that is not stopped: running");
        container.kill(15); // pid 1 of a pid namespace ignores it
        container.kill(9);
        assertThat(container.init().exit().get(60, TimeUnit.SECONDS).status()).isEqualTo(new ExitStatus(0, 9));
        assertThat(container.state().status()).isEqualTo(Status.STOPPED);
        assertThatThrownBy(() -> container.kill(9)).hasMessage("container not running");
        container.delete(false);
        assertThatThrownBy(() -> fixture.containers.load("life")).hasMessage("container does not exist");
    }

    @Test
    void anotherProgramCanCarryOn() throws Exception {
        Container created = fixture.containers.create(fixture.request("carry", fixture.bundle("sleep", "1000"), NONE));
        created.close();
        try (Containers second = Containers.open(Containers.Config.of(directory.resolve("state")))) {
            Container loaded = second.load("carry");
            assertThat(loaded.state().status()).isEqualTo(Status.CREATED);
            loaded.start();
            assertThat(fixture.exec(loaded, "echo", "hi").output()).isEqualTo("hi\n");
            loaded.kill(9);
            assertThat(loaded.init().exit().get(60, TimeUnit.SECONDS).status().signal())
                    .isEqualTo(9);
            Container third = second.load("carry");
            assertThat(third.state().status()).isEqualTo(Status.STOPPED);
            assertThat(third.init().exit().get(60, TimeUnit.SECONDS).status().signal())
                    .isEqualTo(9);
            third.delete(false);
            loaded.close();
        }
    }

    @Test
    void refusesTheSameIdTwiceAndBadIds() throws Exception {
        fixture.sleeper("twice");
        TestBundle bundle = fixture.bundle("true");
        assertThatThrownBy(() -> fixture.containers.create(fixture.request("twice", bundle, NONE)))
                .hasMessage("container with given ID already exists");
        assertThat(fixture.containers.load("twice").state().status()).isEqualTo(Status.RUNNING);
        assertThatThrownBy(() -> fixture.containers.create(fixture.request("../x", bundle, NONE)))
                .hasMessageContaining("invalid container ID format");
    }

    @Test
    void tellsWhyAProgramCannotBeExecuted() throws Exception {
        assertThatThrownBy(() -> fixture.run("e1", fixture.bundle("nosuch")))
                .hasMessage("unable to start container process: exec: \"nosuch\": executable file not found in $PATH");
        assertThatThrownBy(() -> fixture.run("e2", fixture.bundle("/no/such")))
                .hasMessage(
                        "unable to start container process: exec: \"/no/such\": stat /no/such: no such file or directory");
        assertThatThrownBy(() -> fixture.run("e3", fixture.bundle("/etc/passwd")))
                .hasMessage("unable to start container process: exec: \"/etc/passwd\": permission denied");
        assertThatThrownBy(() -> fixture.run("e4", fixture.bundle("/etc")))
                .hasMessage("unable to start container process: exec: \"/etc\": is a directory");
        assertThat(fixture.containers.list()).isEmpty();
    }

    @Test
    void execsGetTheirOwnExitCodesAndDescriptors() throws Exception {
        Container container = fixture.sleeper("execs");
        assertThat(fixture.exec(container, "sh", "-c", "echo $$; exit 3").code())
                .isEqualTo(3);
        assertThat(fixture.exec(container, "readlink", "/proc/self/ns/net").output())
                .isNotEqualTo(java.nio.file.Files.readSymbolicLink(Path.of("/proc/self/ns/net")) + "\n");
        assertThatThrownBy(() -> fixture.exec(container, "nosuch"))
                .hasMessage("unable to start container process: exec: \"nosuch\": executable file not found in $PATH");
        ContainerProcess sleeping = container.exec(RuntimeFixture.execRequest(NONE, "sleep", "1000"));
        assertThat(container.process(sleeping.number())).isPresent();
        sleeping.signal(9);
        assertThat(sleeping.exit().get(60, TimeUnit.SECONDS).status().signal()).isEqualTo(9);
        sleeping.release();
        assertThat(container.process(sleeping.number())).isEmpty();
    }

    @Test
    void aPreparedExecIsStartedAgainAndAgainAndLeavesNothing() throws Exception {
        Container container = fixture.sleeper("prepared");
        try (PreparedExec exec = prepare(container, "sh", "-c", "echo $0 $$ >&2; exit 3")) {
            for (int i = 0; i < 3; i++) {
                try (PipeCalls.Pipe output = fixture.linux.pipes().pipe(0)) {
                    ContainerProcess process = exec.start(output.write());
                    output.write().close();
                    assertThat(fixture.readAll(output.read())).matches("sh \\d+\n");
                    assertThat(process.exit().get(60, TimeUnit.SECONDS).status().code())
                            .isEqualTo(3);
                    process.release();
                    assertThat(container.process(process.number())).isEmpty();
                }
            }
        }
        try (PreparedExec exec = prepare(container, "nosuch");
                PipeCalls.Pipe output = fixture.linux.pipes().pipe(0)) {
            assertThatThrownBy(() -> exec.start(output.write()))
                    .hasMessage(
                            "unable to start container process: exec: \"nosuch\": executable file not found in $PATH");
        }
    }

    private static PreparedExec prepare(Container container, String... command) throws RuntimeFailure {
        return container
                .prepare(RuntimeFixture.execRequest(NONE, command).process())
                .orElseThrow();
    }

    @Test
    void terminalsWorkForInitAndExec() throws Exception {
        TestBundle bundle = fixture.bundle("sh", "-c", "tty; stty size; ls -l /dev/console; exit 4");
        bundle.process.put("terminal", true);
        Container container = fixture.containers.create(fixture.request(
                "tty", bundle, new Stdio.Terminal(new io.drydock.linux.TerminalCalls.WindowSize(11, 22))));
        try (Fd master = container.init().terminal()) {
            container.start();
            assertThat(fixture.readAll(master))
                    .contains("/dev/pts/0")
                    .contains("11 22")
                    .contains("/dev/console");
        }
        assertThat(container.init().exit().get(60, TimeUnit.SECONDS).status().code())
                .isEqualTo(4);
        Container sleeper = fixture.sleeper("tty2");
        ContainerProcess exec = sleeper.exec(RuntimeFixture.execRequest(new Stdio.Terminal(null), "tty"));
        try (Fd master = exec.terminal()) {
            assertThat(fixture.readAll(master)).startsWith("/dev/pts/0");
        }
    }

    @Test
    void pausesResumesAndListsProcesses() throws Exception {
        Container container = fixture.sleeper("pause");
        assertThat(container.pids()).containsExactly(container.init().pid());
        container.pause();
        assertThat(container.state().status()).isEqualTo(Status.PAUSED);
        assertThatThrownBy(() -> fixture.exec(container, "true")).hasMessage("cannot exec in a paused container");
        container.resume();
        assertThatThrownBy(container::resume).hasMessage("container not paused");
        assertThat(fixture.exec(container, "true").code()).isZero();
        container.pause();
        container.kill(9);
        assertThat(container.init().exit().get(60, TimeUnit.SECONDS).status().signal())
                .isEqualTo(9);
    }

    @Test
    void killReachesEveryProcessWithoutAPidNamespace() throws Exception {
        TestBundle bundle = fixture.bundle("sh", "-c", "sleep 1000 & sleep 1000");
        bundle.linux.put("namespaces", List.of(TestBundle.namespace("mount")));
        bundle.config.remove("hostname");
        Container container = fixture.containers.create(fixture.request("all", bundle, NONE));
        container.start();
        Await.until("both processes run", () -> container.pids().size() >= 2);
        List<Integer> pids = container.pids();
        container.kill(9);
        for (int pid : pids) {
            Await.until(pid + " is gone", () -> !isAlive(pid));
        }
        container.delete(false);
    }

    private static boolean isAlive(int pid) throws java.io.IOException {
        Path stat = Path.of("/proc/" + pid + "/stat");
        return java.nio.file.Files.exists(stat)
                && !java.nio.file.Files.readString(stat).contains(") Z ");
    }

    @Test
    void countsAndTellsOfOutOfMemory() throws Exception {
        TestBundle bundle = fixture.bundle("tail", "/dev/zero"); // which keeps what it read until a newline
        bundle.linux.put("resources", Map.of("memory", Map.of("limit", 16 << 20), "pids", Map.of("limit", 20)));
        Container container = fixture.containers.create(fixture.request("oom", bundle, NONE));
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        KeptContainers runtime = (KeptContainers) fixture.containers;
        try (AutoCloseable watch =
                container.cgroup().watchOom(runtime.linux, runtime.poller, () -> told.complete(true))) {
            assertThat(container.cgroup().stats().pids()).isEqualTo(new CgroupStats.Pids(1, 20));
            container.start();
            assertThat(container
                            .init()
                            .exit()
                            .get(60, TimeUnit.SECONDS)
                            .status()
                            .signal())
                    .isEqualTo(9);
            assertThat(told.get(60, TimeUnit.SECONDS)).isTrue();
        }
        CgroupStats stats = container.cgroup().stats();
        assertThat(stats.memory().oomKills()).isPositive();
        assertThat(stats.memory().usage().limit()).isEqualTo(16 << 20);
        assertThat(stats.cpu().total()).isPositive();
    }

    @Test
    void manyAtOnceOnVirtualThreads() throws Exception {
        List<CreateRequest> requests = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            requests.add(fixture.request("many-" + i, fixture.bundle("sh", "-c", "exit " + i), NONE));
        }
        List<Future<Integer>> codes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (CreateRequest request : requests) {
                codes.add(threads.submit(() -> {
                    Container container = fixture.containers.create(request);
                    container.start();
                    int code = container
                            .init()
                            .exit()
                            .get(60, TimeUnit.SECONDS)
                            .status()
                            .code();
                    container.delete(false);
                    return code;
                }));
            }
        }
        for (int i = 0; i < codes.size(); i++) {
            assertThat(codes.get(i).get()).isEqualTo(i);
        }
    }
}
