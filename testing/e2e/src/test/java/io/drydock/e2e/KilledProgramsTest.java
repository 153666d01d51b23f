package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * kill -9 of each program in turn while a container prints a counter: nothing is lost, nothing doubled, all comes back. All of it
 * happens to one engine, which so has to outlive the sum of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledProgramsTest {
    /**
     * On a quiet machine each is back within 3 s, which {@code ./dev bench} shows. Starting a JVM is nearly all computing, so
     * with seven others on the two processors it takes as many times longer: the test fails for the program and not for the
     * machine. It reports what it took.
     */
    private static final Duration BACK = Duration.ofSeconds(60);

    private static final String COUNT =
            "i=0; while [ ! -e /stop ]; do echo $i; i=$((i+1)); usleep 2000; done; echo $i > /last; exit 7";

    private Engine engine;

    @BeforeAll
    void startEngine() {
        engine = Engine.alone();
        engine.original().text("import", BusyboxImage.rootfs(engine.directory).toString(), "box");
    }

    /** For the next case, or the next attempt, whatever this one has left. */
    @AfterEach
    void clear() {
        if (!engine.process().isAlive()) {
            engine.start();
        }
        engine.original().run("rm", "-f", "counter", "short");
    }

    @AfterAll
    void stopEngine() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker.proxy.Main", "containerd.shim.Main", "containerd.server.Main"})
    void theContainerGoesOnAndTheProgramComesBack(String victim) {
        start();
        var killed = find(victim);
        long before = lines();
        long at = System.nanoTime();
        killed.destroyForcibly();
        killed.onExit().orTimeout(30, TimeUnit.SECONDS).join();

        Await.until(victim + " is back", BACK, () -> find(victim).pid() != killed.pid());
        Await.until(
                "exec works",
                BACK,
                () -> engine.original().run("exec", "counter", "true").exitCode() == 0);
        report(victim, at);
        Await.until("the container goes on", () -> lines() > before + 10);
        assertStillWorks();
    }

    @Test
    void dockerdFindsEverythingAgain() {
        start();
        for (int round = 0; round < 3; round++) {
            long before = lines();
            engine.kill();
            long at = System.nanoTime();
            engine.start();
            report("dockerd", at);
            assertThat(engine.original().text("ps", "--format", "{{.Names}} {{.State}}"))
                    .isEqualTo("counter running");
            Await.until("the log goes on", () -> lines() > before + 10);
        }
        assertStillWorks();
    }

    @Test
    void anExitWhileDockerdIsAwayIsKnownLater() {
        var docker = engine.original();
        docker.text(
                "run",
                "-d",
                "--name",
                "short",
                "box",
                "sh",
                "-c",
                "echo begin; while [ ! -e /stop ]; do usleep 10000; done; echo end; exit 9");
        long pid = Long.parseLong(docker.text("inspect", "-f", "{{.State.Pid}}", "short"));
        engine.kill();
        try {
            java.nio.file.Files.createFile(java.nio.file.Path.of("/proc/" + pid + "/root/stop"));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        Await.until("the container ends", () -> ProcessHandle.of(pid).isEmpty());
        engine.start();
        Await.until(
                "the exit is known",
                () -> docker.text("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "short")
                        .equals("exited 9"));
        assertThat(docker.text("logs", "short")).isEqualTo("begin\nend");
    }

    private static void report(String program, long since) {
        System.out.println(
                program + " was killed and is back after " + (System.nanoTime() - since) / 1_000_000 + " ms");
    }

    private void start() {
        var docker = engine.original();
        docker.text("run", "-d", "--name", "counter", "-p", "127.0.0.1:8080:80", "box", "sh", "-c", COUNT);
        Await.until("the counter counts", () -> lines() > 20);
    }

    private ProcessHandle find(String main) {
        // the shim is not dockerd's descendant any more once containerd has been killed
        return ProcessTree.descendant(engine.process(), main)
                .or(() -> ProcessTree.mentioning(main).stream()
                        .filter(handle -> ProcessTree.commandLine(handle.pid()).contains(engine.directory.toString()))
                        .findFirst())
                .orElseThrow();
    }

    private long lines() {
        return engine.original().run("logs", "counter").ok().out().lines().count();
    }

    private void assertStillWorks() {
        var docker = engine.original();
        Await.until("exec works", () -> docker.run("exec", "counter", "true").exitCode() == 0);
        // how this one ends is open: the file ends the container, and that may kill touch before it has returned
        docker.run("exec", "counter", "touch", "/stop");
        assertThat(docker.text("wait", "counter")).isEqualTo("7");
        assertThat(docker.text("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "counter"))
                .isEqualTo("exited 7");
        var printed = docker.run("logs", "counter").ok().out();
        long last = Long.parseLong(printed.substring(printed.lastIndexOf('\n', printed.length() - 2) + 1)
                .strip());
        var expected =
                IntStream.rangeClosed(0, (int) last).mapToObj(i -> i + "\n").collect(Collectors.joining());
        assertThat(printed).as("each line of the counter, once").isEqualTo(expected);
        docker.text("rm", "counter");
        assertThat(docker.text("run", "--rm", "box", "echo", "hi")).isEqualTo("hi");
    }
}
