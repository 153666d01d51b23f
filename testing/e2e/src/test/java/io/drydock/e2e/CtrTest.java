package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** containerd's own client {@code ctr}, and our shim: behind our containerd, and behind the original one. */
@RequiresRoot
class CtrTest {
    private static final String CONTAINER = "ctr-" + ProcessHandle.current().pid();

    private Path dir;
    private Path rootfs;
    // each test starts the one it needs
    @SuppressWarnings("NullAway.Init")
    private Process daemon;

    @BeforeEach
    void makeRoot() throws IOException {
        dir = Files.createTempDirectory(Path.of("/tmp"), "dc-");
        BusyboxImage.rootfs(dir);
        rootfs = dir.resolve("rootfs");
    }

    @AfterEach
    void endDaemon() throws InterruptedException {
        if (daemon != null) {
            ctr("tasks", "kill", "-s", "KILL", CONTAINER).run();
            Await.until("no task runs", () -> !ctr("tasks", "ls").run().out().contains("RUNNING"));
            ctr("tasks", "rm", CONTAINER).run();
            daemon.destroy();
            if (!daemon.waitFor(30, TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
            ProcessTree.mentioning("containerd.shim.Main").stream()
                    .filter(shim -> ProcessTree.commandLine(shim.pid()).contains(dir.toString()))
                    .forEach(ProcessHandle::destroy);
        }
        Engine.deleteTree(dir);
    }

    private Command ctr(String... words) {
        return Command.of(
                        Programs.original("ctr").toString(),
                        "-a",
                        dir.resolve("c.sock").toString())
                .with(words);
    }

    private void start(Command containerd) throws IOException {
        daemon = containerd
                .with(
                        "--root",
                        dir.resolve("root").toString(),
                        "--state",
                        dir.resolve("state").toString())
                .with("--address", dir.resolve("c.sock").toString(), "--log-level", "debug")
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("log").toFile())
                .start();
        Await.until("containerd answers", () -> ctr("version").run().exitCode() == 0);
    }

    @Test
    void ourContainerdAndOurShim() throws IOException {
        start(Command.of(Programs.ours("containerd").toString()));
        assertContainersRun();
    }

    @Test
    void theOriginalContainerdAndOurShim() throws IOException {
        Path programs = Files.createDirectory(dir.resolve("bin"));
        Files.createSymbolicLink(programs.resolve("containerd-shim-runc-v2"), Programs.ours("containerd-shim-runc-v2"));
        Files.writeString(dir.resolve("config.toml"), """
                version = 2
                disabled_plugins = ["io.containerd.grpc.v1.cri"]
                """);
        start(Command.of(
                        Programs.original("containerd").toString(),
                        "--config",
                        dir.resolve("config.toml").toString())
                .withVariable("PATH", programs + ":" + System.getenv("PATH")));
        assertContainersRun();
        assertThat(ProcessTree.mentioning("containerd.shim.Main"))
                .as("it was our shim")
                .anyMatch(shim -> ProcessTree.commandLine(shim.pid()).contains(dir.toString()));
    }

    private void assertContainersRun() {
        Command run = ctr("run", "--rm", "--rootfs", rootfs.toString(), CONTAINER, "/bin/sh", "-c");
        Command.Result result = run.with("echo out; echo err >&2; exit 3").run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).isEqualTo("err\n");
        assertThat(run.with("exec /nothing").run().exitCode()).isEqualTo(127);
        assertThat(ctr("run", "--rm", "--rootfs", rootfs.toString(), CONTAINER, "/nothing")
                        .run()
                        .err())
                .contains("OCI runtime create failed")
                .contains("exec: \"/nothing\": stat /nothing: no such file or directory");

        ctr("run", "-d", "--rootfs", rootfs.toString(), CONTAINER, "/bin/sleep", "1000")
                .run()
                .ok();
        assertThat(ctr("tasks", "ls").run().out()).containsPattern(CONTAINER + " +[0-9]+ +RUNNING");
        assertThat(exec("e1", "/bin/sh", "-c", "echo in exec; exit 4").run().exitCode())
                .isEqualTo(4);
        assertThat(exec("e2", "/bin/cat").withInput("piped\n").run().ok().out()).isEqualTo("piped\n");
        assertThat(ctr("tasks", "metrics", CONTAINER).run().ok().out()).contains("memory.usage_in_bytes");
        ctr("tasks", "pause", CONTAINER).run().ok();
        assertThat(ctr("tasks", "ls").run().out()).containsPattern(CONTAINER + " +[0-9]+ +PAUSED");
        ctr("tasks", "resume", CONTAINER).run().ok();
        ctr("tasks", "kill", "-s", "KILL", CONTAINER).run().ok();
        Await.until("it has stopped", () -> ctr("tasks", "ls").run().out().contains("STOPPED"));
        ctr("tasks", "rm", CONTAINER).run();
        ctr("containers", "rm", CONTAINER).run().ok();
        assertThat(ctr("tasks", "ls").run().out()).doesNotContain(CONTAINER);
    }

    private Command exec(String id, String... words) {
        return ctr("tasks", "exec", "--exec-id", id, CONTAINER).with(words);
    }
}
