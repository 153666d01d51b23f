package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** `docker run` and what belongs to it. One subclass for each client. */
@ExtendWith(Stage.Extension.class)
abstract class RunCases {
    private final Stage stage;
    private final Docker docker;

    RunCases(Stage stage, Docker docker) {
        this.stage = stage;
        this.docker = docker;
    }

    @AfterEach
    void removeContainers() {
        var ids = stage.engine.original().text("ps", "-aq");
        if (!ids.isEmpty()) {
            stage.engine
                    .original()
                    .command("rm", "-fv")
                    .with(ids.split("\n"))
                    .run()
                    .ok();
        }
    }

    @Test
    void printsWhatTheContainerPrints() {
        var result = docker.run("run", "--rm", "busybox", "echo", "hi");

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo("hi\n");
        assertThat(result.err()).isEmpty();
        assertThat(docker.text("ps", "-aq")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    0   | true
                    1   | false
                    42  | sh -c 'exit 42'
                    126 | /etc
                    127 | no-such-program
                    127 | /no/such/program
                    137 | sh -c 'kill -9 $$'
                    """)
    void endsWithTheExitCodeOfTheContainer(int code, String command) {
        // killing itself needs a process that is not the namespace's first: the kernel shields that one
        var words = command.startsWith("sh -c ")
                ? new String[] {"sh", "-c", command.substring(7, command.length() - 1)}
                : new String[] {command};
        var result = docker.command("run", "--rm")
                .with(code == 137 ? new String[] {"--init"} : new String[0])
                .with("busybox")
                .with(words)
                .run();

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(code);
        if (code == 127 && !command.startsWith("/")) {
            assertThat(result.err()).contains("exec: \"no-such-program\": executable file not found in $PATH");
        }
        Await.until("the container is removed", () -> docker.text("ps", "-aq").isEmpty());
    }

    @Test
    void refusesAnUnknownFlagWith125() {
        var result = docker.run("run", "--no-such-flag", "busybox");

        assertThat(result.exitCode()).isEqualTo(125);
        assertThat(result.err()).contains("unknown flag: --no-such-flag");
    }

    @Test
    void separatesStandardOutputFromStandardError() {
        var result = docker.run("run", "--rm", "busybox", "sh", "-c", "echo out; echo err >&2");

        assertThat(result.out()).isEqualTo("out\n");
        assertThat(result.err()).isEqualTo("err\n");
    }

    @Test
    void passesStandardInput() {
        var text = "line\n".repeat(50_000);
        var result = docker.command("run", "--rm", "-i", "busybox", "cat")
                .withInput(text)
                .run()
                .ok();

        assertThat(result.out()).isEqualTo(text);
    }

    @Test
    void passesMuchOutputUnchanged() {
        var result = docker.run("run", "--rm", "busybox", "seq", "1", "200000").ok();

        assertThat(result.out().lines().count()).isEqualTo(200_000);
        assertThat(result.out()).endsWith("\n200000\n");
    }

    @Test
    void givesATerminal() {
        var result = terminal("run --rm -it busybox sh -c 'test -t 0 && tty; exit 3'", "");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(3);
        assertThat(result.out()).contains("/dev/pts/0");
    }

    @Test
    void takesWhatIsTypedAtTheTerminal() {
        var result = terminal("run --rm -it busybox sh", "echo $((6*7))x\nexit 5\n");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(5);
        assertThat(result.out()).contains("42x");
    }

    @Test
    void runsInTheBackgroundWithLogsExecAndStop() throws Exception {
        var id = docker.text(
                "run",
                "-d",
                "--init",
                "--name",
                "counter",
                "busybox",
                "sh",
                "-c",
                "i=0; while [ $i -lt 5 ]; do echo line $i; i=$((i+1)); done; sleep 1000");
        assertThat(id).hasSize(64);
        var following = docker.command("logs", "-f", "counter").start();
        try (var reader = following.inputReader()) {
            for (int i = 0; i < 5; i++) {
                assertThat(reader.readLine()).isEqualTo("line " + i);
            }
            assertThat(docker.text("ps", "--format", "{{.Names}} {{.Image}}")).isEqualTo("counter busybox");
            assertThat(docker.text("exec", "counter", "cat", "/proc/1/comm")).isNotEmpty();
            assertThat(docker.run("exec", "counter", "sh", "-c", "exit 9").exitCode())
                    .isEqualTo(9);
            assertThat(docker.run("exec", "counter", "no-such").exitCode()).isEqualTo(127);

            assertThat(docker.text("stop", "counter")).isEqualTo("counter");
            assertThat(docker.text("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}", "counter"))
                    .isEqualTo("exited 143");
            assertThat(reader.readLine()).isNull();
        }
        assertThat(following.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(following.exitValue()).isZero();
        assertThat(docker.text("logs", "--tail", "2", "counter")).isEqualTo("line 3\nline 4");
        assertThat(docker.text("start", "counter")).isEqualTo("counter");
        assertThat(docker.text("rm", "-f", "counter")).isEqualTo("counter");
    }

    @Test
    void killEndsWith137() {
        docker.text("run", "-d", "--name", "victim", "busybox", "sleep", "1000");
        docker.text("kill", "victim");

        assertThat(docker.text("wait", "victim")).isEqualTo("137");
        assertThat(docker.text("inspect", "-f", "{{.State.ExitCode}} {{.State.OOMKilled}}", "victim"))
                .isEqualTo("137 false");
    }

    @Test
    void stopOfAProgramThatIgnoresItKillsIt() {
        docker.text("run", "-d", "--name", "deaf", "busybox", "sleep", "1000");
        docker.text("stop", "-t", "1", "deaf");

        assertThat(docker.text("inspect", "-f", "{{.State.ExitCode}}", "deaf")).isEqualTo("137");
    }

    @Test
    void appliesWhatTheFlagsSay(@TempDir Path shared) throws IOException {
        Files.writeString(shared.resolve("file"), "from the host\n");
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
        var result = docker.run(
                "run",
                "--rm",
                "-e",
                "COLOUR=blue",
                "-w",
                "/tmp",
                "-u",
                "guest",
                "-h",
                "boat",
                "--tmpfs",
                "/scratch",
                "-v",
                shared + ":/shared:ro",
                "--memory",
                "64m",
                "--pids-limit",
                "50",
                "--read-only",
                "--cap-drop",
                "ALL",
                "busybox",
                "sh",
                "-c",
                "echo $COLOUR; pwd; id -u; id -g; hostname; cat /shared/file; grep CapEff /proc/self/status | cut -f2;"
                        + "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/pids/pids.max; touch /shared/x /x 2>&1");

        assertThat(result.out().lines().toList())
                .as(result.toString())
                .containsExactly(
                        "blue",
                        "/tmp",
                        "1000",
                        "1000",
                        "boat",
                        "from the host",
                        "0000000000000000",
                        "67108864",
                        "50",
                        "touch: /shared/x: Read-only file system",
                        "touch: /x: Read-only file system");
    }

    @Test
    void isolatesTheContainer() {
        var out = docker.text(
                "run",
                "--rm",
                "busybox",
                "sh",
                "-c",
                "echo $$; ls -d /proc/[0-9]* | wc -l; grep NoNewPrivs /proc/self/status | cut -f2; grep Seccomp: /proc/self/status | cut -f2; "
                        + "ls /proc/acpi 2>/dev/null | wc -l; mkdir /proc/sys/x 2>&1 | tail -1; mount -t tmpfs x /tmp 2>&1; cat /proc/self/cgroup | grep -c docker");

        assertThat(out.lines().toList()).contains("1", "2");
        assertThat(out).contains("mount: permission denied");
    }

    @Test
    void keepsAVolumeAndFillsItFromTheImage() {
        docker.text("volume", "create", "data");
        assertThat(docker.text("run", "--rm", "-v", "data:/www", "busybox", "cat", "/www/index.html"))
                .isEqualTo("it works");
        docker.text("run", "--rm", "-v", "data:/www", "busybox", "sh", "-c", "echo changed > /www/index.html");
        assertThat(docker.text("run", "--rm", "-v", "data:/www", "busybox", "cat", "/www/index.html"))
                .isEqualTo("changed");
        assertThat(docker.text("volume", "rm", "data")).isEqualTo("data");
    }

    @Test
    void measuresVolumesInUse() {
        docker.text("volume", "create", "measured");
        docker.text("run", "-d", "--name", "holder", "-v", "measured:/www", "busybox", "sleep", "1000");
        try {
            assertThat(docker.text("system", "df", "--format", "{{.Type}}|{{.Active}}"))
                    .contains("Local Volumes|1");
        } finally {
            docker.text("rm", "-f", "holder");
            docker.text("volume", "rm", "measured");
        }
    }

    @Test
    void renamesPausesAndInspects() {
        docker.text("run", "-d", "--name", "before", "busybox", "sleep", "1000");
        docker.text("rename", "before", "after");
        docker.text("pause", "after");
        assertThat(docker.text("inspect", "-f", "{{.Name}} {{.State.Status}}", "after"))
                .isEqualTo("/after paused");
        docker.text("unpause", "after");
        assertThat(docker.text("ps", "--filter", "name=after", "--format", "{{.State}}"))
                .isEqualTo("running");
    }

    @Test
    void reportsAnOutOfMemoryKill() {
        var result = docker.run(
                "run",
                "--name",
                "greedy",
                "--memory",
                "16m",
                "--memory-swap",
                "16m",
                "busybox",
                "sh",
                "-c",
                "dd if=/dev/zero of=/dev/null bs=64M count=1");

        assertThat(result.exitCode()).as(result.toString()).isEqualTo(137);
        assertThat(docker.text("inspect", "-f", "{{.State.OOMKilled}}", "greedy"))
                .isEqualTo("true");
    }

    @Test
    void pullsFromDebiansRegistryToo() {
        var name = "127.0.0.1:5001/library/busybox:latest";
        assertThat(docker.text("pull", name)).contains("Digest: sha256:").endsWith(name);
        assertThat(docker.text("run", "--rm", name, "echo", "hi")).isEqualTo("hi");
        assertThat(docker.text("rmi", name)).contains("Untagged: " + name);
    }

    /** Runs a docker command line at a terminal, which `script` provides, and types the text. */
    private Command.Result terminal(String line, String typed) {
        var shell = docker.program() + " -H " + docker.host() + " " + line;
        return Command.of("script", "-qefc", shell, "/dev/null")
                .withVariable("DOCKER_HOST", null)
                .withInput(typed)
                .within(Duration.ofSeconds(60))
                .run();
    }
}
