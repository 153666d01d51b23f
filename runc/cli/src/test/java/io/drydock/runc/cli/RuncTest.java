package io.drydock.runc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as its users call it: a process with arguments, streams and an exit code. */
@RequiresRoot
class RuncTest {
    @TempDir
    Path directory;

    private RuncProgram program;
    private String bundle;

    @BeforeEach
    void makeBundle() throws Exception {
        program = new RuncProgram(directory);
        bundle = program.bundle();
    }

    @AfterEach
    void deleteAll() {
        for (String id : runc("list", "-q").out().split("\n")) {
            if (!id.isEmpty()) {
                runc("delete", "--force", id);
            }
        }
    }

    private Command command(String... words) {
        return program.command(words);
    }

    private Command.Result runc(String... words) {
        return program.run(words);
    }

    private void configure(String args) throws Exception {
        program.configure(args, "");
    }

    @Test
    void runAnswersOutputAndExitCode() throws Exception {
        configure("\"sh\", \"-c\", \"cat; echo err >&2; exit 7\"");
        Command.Result result =
                command("run", "--bundle", bundle, "one").withInput("in").run();
        assertThat(result.out()).isEqualTo("in");
        assertThat(result.err()).contains("err");
        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(runc("list", "-q").out()).isEmpty();
    }

    @Test
    void aLifeByManyCommands() throws Exception {
        configure("\"sleep\", \"1000\"");
        Path pidFile = directory.resolve("pid");
        Command.Result created = new Command(
                        List.of(
                                "sh",
                                "-c",
                                String.join(
                                                " ",
                                                command(
                                                                "create",
                                                                "--bundle",
                                                                bundle,
                                                                "--pid-file",
                                                                pidFile.toString(),
                                                                "life")
                                                        .words())
                                        + " </dev/null >/dev/null 2>&1"),
                        java.util.Map.of(),
                        null,
                        new byte[0],
                        java.time.Duration.ofMinutes(2))
                .run();
        created.ok();
        assertThat(runc("state", "life").out())
                .contains("\"status\": \"created\"", "\"pid\": " + Files.readString(pidFile));
        runc("start", "life").ok();
        String init = Files.readString(pidFile);
        Await.until("it is its caller's child", () -> !nameOf(parentOf(init)).equals("drydock-keeper"));
        Command.Result exec = runc("exec", "--env", "A=b", "life", "sh", "-c", "echo $A; exit 9");
        assertThat(exec.out()).isEqualTo("b\n");
        assertThat(exec.exitCode()).as(exec.toString()).isEqualTo(9);
        assertThat(runc("exec", "life", "nosuch").exitCode()).isEqualTo(255);
        runc("kill", "life", "KILL").ok();
        Await.until("it has stopped", () -> runc("state", "life").out().contains("stopped"));
        runc("delete", "life").ok();
        Command.Result gone = runc("state", "life");
        assertThat(gone.exitCode()).isEqualTo(1);
        assertThat(gone.err()).contains("level=error msg=\"container does not exist\"");
    }

    private static String parentOf(String pid) throws Exception {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        return stat.substring(stat.lastIndexOf(')') + 2).split(" ")[1];
    }

    private static String nameOf(String pid) throws Exception {
        return Files.readString(Path.of("/proc", pid, "comm")).strip();
    }

    @Test
    void errorsGoToTheLogAsEnginesReadThem() throws Exception {
        configure("\"nosuch\"");
        Path log = directory.resolve("log");
        Command.Result result = runc("--log", log.toString(), "--log-format", "json", "run", "--bundle", bundle, "bad");
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(Files.readString(log))
                .contains("{\"level\":\"error\",\"msg\":\"runc run failed: unable to start container process: "
                        + "exec: \\\"nosuch\\\": executable file not found in $PATH\",\"time\":");
        assertThat(runc("nonsense").exitCode()).isEqualTo(3);
        assertThat(runc("start").exitCode()).isEqualTo(1);
        runc("delete", "--force", "nosuch").ok();
    }

    @Test
    void whatCannotBeHandedOverIsNotLeftBehind() throws Exception {
        configure("\"sleep\", \"1000\"");
        Path config = Path.of(bundle, "config.json");
        Files.writeString(config, Files.readString(config).replace("\"terminal\": false", "\"terminal\": true"));
        Command.Result created = runc(
                "create",
                "--bundle",
                bundle,
                "--console-socket",
                directory.resolve("nobody").toString(),
                "lost");
        assertThat(created.exitCode()).as(created.toString()).isEqualTo(1);
        assertThat(created.err()).contains("nobody");
        assertThat(runc("list", "-q").out()).isEmpty();
        assertThat(runc("events", "lost").err()).contains("container does not exist");
    }

    @Test
    void eventsUpdateAndExecFlagsHaveTheirEffect() throws Exception {
        configure("\"sleep\", \"1000\"");
        background("run", "--detach", "--bundle", bundle, "limits");
        runc("update", "limits", "--memory", "50M", "--memory-reservation=25M", "--pids-limit", "20")
                .ok();
        String stats = runc("events", "--stats", "limits").ok().out();
        assertThat(stats).startsWith("{\"type\":\"stats\",\"id\":\"limits\",\"data\":{\"cpu\":{\"usage\":{");
        assertThat(stats).contains("\"limit\":52428800", "\"limit\":20");
        assertThat(command("update", "-r", "-", "limits")
                        .withInput("{\"pids\":{\"limit\":30}}")
                        .run()
                        .exitCode())
                .isZero();
        assertThat(runc("events", "--stats", "limits").out()).contains("\"limit\":30", "\"limit\":52428800");
        assertThat(runc("update", "--cpu-period", "x", "limits").err())
                .contains("invalid value for cpu-period: parsing \\\"x\\\": invalid syntax");
        assertThat(runc("exec", "--cgroup", "..", "limits", "true").err()).contains(" .. is not a sub cgroup path");
        assertThat(runc("exec", "--cgroup", "nonexistent", "limits", "true").err())
                .contains("adding pid ", "/nonexistent/cgroup.procs: no such file");
        assertThat(runc("exec", "--cgroup", "whaaat:/", "limits", "true").exitCode())
                .isEqualTo(255);
        assertThat(runc("exec", "--no-new-privs", "limits", "cat", "/proc/self/status")
                        .out())
                .contains("NoNewPrivs:\t1");
        assertThat(runc("events", "--interval", "0", "limits").err())
                .contains("duration interval must be greater than 0");
    }

    @Test
    void eventsEndWithTheContainer() throws Exception {
        configure("\"sleep\", \"1000\"");
        background("run", "--detach", "--bundle", bundle, "watched");
        Path seen = directory.resolve("events");
        Process events = new ProcessBuilder(
                        command("events", "--interval", "100ms", "watched").words())
                .redirectOutput(seen.toFile())
                .start();
        Await.until("counters are told", () -> Files.readString(seen).contains("\"id\":\"watched\""));
        runc("delete", "--force", "watched").ok();
        assertThat(events.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        assertThat(events.exitValue()).isZero();
    }

    @Test
    void specForUsersWithoutRights() throws Exception {
        Path other = Files.createDirectory(directory.resolve("rootless"));
        runc("spec", "--rootless", "--bundle", other.toString()).ok();
        assertThat(Files.readString(other.resolve("config.json")))
                .contains("\"uidMappings\"", "\"type\": \"user\"", "\"source\": \"/sys\"")
                .doesNotContain("\"network\"", "gid=5", "\"resources\"");
        assertThat(runc("spec", "--bundle", other.toString()).err()).contains("File config.json exists");
    }

    /** What it starts must not hold the pipes of a test's command. */
    private void background(String... words) {
        program.background(words);
    }
}
