package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.NetNamespace;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
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

    private Path tar;

    @BeforeEach
    void makeRoot() throws IOException {
        dir = Files.createTempDirectory(Path.of("/tmp"), "dc-");
        tar = BusyboxImage.rootfs(dir);
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

    @Test
    void otherRuntimesByTheirPath() throws IOException {
        start(Command.of(Programs.ours("containerd").toString()));
        assertRuns(Programs.original("runc"));
        // crun of Debian's age wants no controllerless version 2 beside version 1
        Path crun = dir.resolve("crun");
        Files.writeString(crun, """
                #!/bin/sh
                exec unshare -m sh -c '! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified
                exec %s "$@"' crun "$@"
                """.formatted(Programs.original("crun")));
        assertThat(crun.toFile().setExecutable(true)).isTrue();
        assertRuns(crun);
        assertThat(ctr("run", "--rm", "--runc-binary", "/nowhere/runc", "--rootfs", rootfs.toString(), CONTAINER, "/x")
                        .run()
                        .err())
                .contains("OCI runtime create failed")
                .contains("/nowhere/runc");
    }

    private void assertRuns(Path runtime) throws IOException {
        Command.Result result = ctr("run", "--rm", "--runc-binary", runtime.toString(), "--rootfs", rootfs.toString())
                .with(CONTAINER, "/bin/sh", "-c", "echo out; echo err >&2; exit 3")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(3);
        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).isEqualTo("err\n");
        assertThat(ctr("run", "--rm", "--runc-binary", runtime.toString(), "--rootfs", rootfs.toString())
                        .with(CONTAINER, "/nothing")
                        .run()
                        .err())
                .contains("OCI runtime create failed")
                .contains("/nothing")
                .doesNotContain("runc create failed: runc create failed");
        ctr("containers", "rm", CONTAINER).run();

        String end = "while [ ! -e /tmp/end ]; do usleep 10000; done; rm /tmp/end; exit 9";
        ctr("run", "-d", "--log-uri", "file://" + dir.resolve("log.file"), "--runc-binary", runtime.toString())
                .with(
                        "--rootfs",
                        rootfs.toString(),
                        CONTAINER,
                        "/bin/sh",
                        "-c",
                        "export PATH=/bin; echo logged; " + end)
                .run()
                .ok();
        assertStdioOfEachKind();
        assertThat(exec("e1", "/bin/sh", "-c", "exit 4").run().exitCode()).isEqualTo(4);
        assertThat(exec("e2", "/bin/cat").withInput("piped\n").run().ok().out()).isEqualTo("piped\n");
        assertThat(ctr("tasks", "metrics", CONTAINER).run().ok().out()).contains("memory.usage_in_bytes");
        ctr("tasks", "pause", CONTAINER).run().ok();
        assertThat(ctr("tasks", "ls").run().out()).containsPattern(CONTAINER + " +[0-9]+ +PAUSED");
        ctr("tasks", "resume", CONTAINER).run().ok();

        ProcessTree.mentioning("containerd.shim.Main").stream()
                .filter(shim -> ProcessTree.commandLine(shim.pid()).contains(dir.toString()))
                .forEach(ProcessHandle::destroyForcibly);
        AtomicInteger tries = new AtomicInteger();
        Await.until(
                "the next shim knows the container",
                () -> exec("t" + tries.incrementAndGet(), "/bin/true").run().exitCode() == 0);
        Files.createFile(rootfs.resolve("tmp/end"));
        Await.until("it has stopped", () -> ctr("tasks", "ls").run().out().contains("STOPPED"));
        assertThat(ctr("tasks", "rm", CONTAINER).run().err()).contains("exit code 9");
        ctr("containers", "rm", CONTAINER).run().ok();
        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .doesNotContain(dir.resolve("state").toString());
    }

    @Test
    void imagesSnapshotsAndAttach() throws IOException, InterruptedException {
        try (NetNamespace network = NetNamespace.create("ctr");
                Registry registry = Registry.ours(network, 5000)) {
            start(network.command(Programs.ours("containerd").toString()));
            String name = registry.address() + "/box:1";
            Path image = OciArchive.write(dir, tar, name);
            ctr("images", "import", image.toString()).run().ok();
            inside(network, "images", "push", "--plain-http", name).run().ok();
            String digest = digest();
            ctr("images", "rm", "--sync", name).run().ok();
            assertThat(ctr("content", "ls", "-q").run().ok().out()).isEmpty();
            inside(network, "images", "pull", "--plain-http", name).run().ok();
            assertThat(digest()).isEqualTo(digest);
            assertThat(ctr("images", "check").run().ok().out()).contains("complete (2/2)");

            assertThat(ctr("run", "--rm", name, CONTAINER, "cat", "/etc/group")
                            .run()
                            .ok()
                            .out())
                    .startsWith("root:");
            assertThat(ctr(
                                    "run",
                                    "--rm",
                                    "--runc-binary",
                                    Programs.original("runc").toString(),
                                    name)
                            .with(CONTAINER, "echo", "on overlay")
                            .run()
                            .ok()
                            .out())
                    .isEqualTo("on overlay\n");
            assertAttaches(name);
            assertSnapshots();
            Path exported = dir.resolve("exported.tar");
            ctr("images", "export", exported.toString(), name).run().ok();
            assertThat(Command.of("tar", "-tf", exported.toString()).run().ok().out())
                    .contains("index.json", "blobs/sha256/" + digest.substring("sha256:".length()));
        }
    }

    private Command inside(NetNamespace network, String... words) {
        return network.command(
                        Programs.original("ctr").toString(),
                        "-a",
                        dir.resolve("c.sock").toString())
                .with(words);
    }

    private String digest() {
        return ctr("images", "ls").run().ok().out().lines().toList().get(1).split(" +")[2];
    }

    private void assertAttaches(String image) throws IOException, InterruptedException {
        ctr("run", "-d", image, CONTAINER, "sh", "-c", "while [ ! -e /end ]; do echo on; usleep 50000; done; exit 6")
                .run()
                .ok();
        Process attached = ctr("tasks", "attach", CONTAINER)
                .builder()
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("attached").toFile())
                .start();
        Await.until(
                "output arrives",
                () -> Files.readString(dir.resolve("attached")).contains("on\n"));
        exec("e1", "touch", "/end").run().ok();
        assertThat(attached.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(attached.exitValue()).isEqualTo(6);
        ctr("containers", "rm", CONTAINER).run().ok();
    }

    private void assertSnapshots() {
        String top =
                ctr("snapshots", "ls").run().ok().out().lines().toList().get(1).split(" ")[0];
        ctr("snapshots", "prepare", "active", top).run().ok();
        assertThat(ctr("snapshots", "mounts", "/mnt", "active").run().ok().out())
                .contains("upperdir=");
        assertThat(ctr("snapshots", "usage", "active").run().ok().out()).contains("active");
        ctr("snapshots", "commit", "done", "active").run().ok();
        assertThat(ctr("snapshots", "tree").run().ok().out()).contains("\\_ done");
        ctr("snapshots", "rm", "done").run().ok();
        assertThat(ctr("snapshots", "ls").run().ok().out())
                .doesNotContain("done")
                .contains(top);
    }

    private void assertContainersRun() throws IOException {
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

        ctr("run", "-d", "--log-uri", "file://" + dir.resolve("log.file"), "--rootfs", rootfs.toString(), CONTAINER)
                .with("/bin/sh", "-c", "echo logged; exec /bin/sleep 1000")
                .run()
                .ok();
        assertStdioOfEachKind();
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

    /** The container logs to a file; an exec to a program; another has a terminal, of which the size is told. */
    private void assertStdioOfEachKind() throws IOException {
        Await.until(
                "the file has it",
                () -> Files.readString(dir.resolve("log.file")).equals("logged\n"));
        Files.delete(dir.resolve("log.file"));
        Path logger = Files.writeString(dir.resolve("logger"), """
                #!/bin/sh
                exec 5>&-
                { echo "$CONTAINER_ID $*"; cat <&3; } >"$2.new" && mv "$2.new" "$2"
                """);
        assertThat(logger.toFile().setExecutable(true)).isTrue();
        Path taken = dir.resolve("log.program");
        ctr("tasks", "exec", "--exec-id", "e3", "--log-uri", "binary://" + logger + "?to=" + taken, CONTAINER)
                .with("/bin/echo", "to a program")
                .run()
                .ok();
        Await.until("the program has it", () -> Files.exists(taken));
        assertThat(taken).hasContent(CONTAINER + " to " + taken + "\nto a program");
        Files.delete(taken);
        // ctr tells the size once the process has started
        String size = "i=0; while [ \"$(/bin/stty size)\" != \"33 101\" ] && [ $i -lt 3000 ]; do"
                + " /bin/usleep 10000; i=$((i+1)); done; /bin/stty size; exit 7";
        List<String> words = ctr("tasks", "exec", "-t", "--exec-id", "e4", CONTAINER, "/bin/sh", "-c", size)
                .words();
        String line = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        Command.Result terminal = Command.of("script", "-qec", "stty rows 33 cols 101; " + line, "/dev/null")
                .run();
        assertThat(terminal.out()).as(terminal.toString()).contains("33 101");
        assertThat(terminal.exitCode()).isEqualTo(7);
    }

    private Command exec(String id, String... words) {
        return ctr("tasks", "exec", "--exec-id", id, CONTAINER).with(words);
    }
}
