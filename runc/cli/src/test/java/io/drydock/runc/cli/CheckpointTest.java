package io.drydock.runc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.runc.runtime.criu.ProtoMessage;
import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoint and restore with a program that keeps what it is asked for, and with criu itself where that works. */
@RequiresRoot
class CheckpointTest {
    private static final int OPTIONS = 2;
    private static final int EXTERNAL_MOUNT = 23;

    @TempDir
    Path directory;

    private RuncProgram runc;
    private Path images;
    private Path requests;

    @BeforeEach
    void makeBundle() throws IOException {
        runc = new RuncProgram(directory);
        runc.configure("\"sleep\", \"1000\"", "");
        images = directory.resolve("images");
        requests = Files.createDirectory(directory.resolve("requests"));
    }

    @AfterEach
    void deleteAll() {
        runc.run("delete", "--force", "saved");
    }

    private Command withFake(String... words) {
        Path fake = Path.of(System.getProperty("drydock.keeper")).resolveSibling("fake-criu");
        return runc.command(words)
                .withVariable("PATH", fake + ":/usr/sbin:/usr/bin:/sbin:/bin")
                .withVariable("FAKE_CRIU_DIR", requests.toString());
    }

    /** The options of the request with that number, counted over all calls. */
    private ProtoMessage options(int number) throws IOException {
        return ProtoMessage.parse(Files.readAllBytes(requests.resolve("request-" + number)))
                .messages(OPTIONS)
                .getFirst();
    }

    private static List<String> externalMounts(ProtoMessage options) throws IOException {
        return options.messages(EXTERNAL_MOUNT).stream()
                .map(mount -> mount.text(1).orElse("") + '=' + mount.text(2).orElse(""))
                .toList();
    }

    private void start() {
        runc.background("run", "--detach", "--bundle", runc.bundle(), "saved");
    }

    private String pid() {
        String state = runc.run("state", "saved").ok().out();
        return state.replaceAll("(?s).*\"pid\": (\\d+).*", "$1");
    }

    @Test
    void theRequestSaysWhatTheFlagsSay() throws IOException {
        start();
        String pid = pid();
        withFake(
                        "checkpoint",
                        "--image-path",
                        images.toString(),
                        "--work-path",
                        directory.resolve("work").toString(),
                        "--leave-running",
                        "--tcp-established",
                        "--file-locks",
                        "--ext-unix-sk",
                        "--shell-job",
                        "--manage-cgroups-mode",
                        "strict",
                        "--page-server",
                        "10.0.0.1:27",
                        "saved")
                .run()
                .ok();
        ProtoMessage asked = options(1);
        assertThat(asked.number(2)).isEqualTo(Long.parseLong(pid));
        for (int on : List.of(3, 4, 5, 7, 8, 12, 24, 50)) {
            assertThat(asked.flag(on)).as("option " + on).isTrue();
        }
        for (int off : List.of(16, 18, 46, 48)) {
            assertThat(asked.flag(off)).as("option " + off).isFalse();
        }
        assertThat(asked.number(34)).isEqualTo(5);
        assertThat(asked.number(38)).isEqualTo(0x40000000);
        assertThat(asked.text(10)).contains("dump.log");
        assertThat(asked.text(51)).contains("/etc/criu/runc.conf");
        assertThat(asked.messages(11).getFirst().text(1)).contains("10.0.0.1");
        assertThat(asked.messages(11).getFirst().number(2)).isEqualTo(27);
        assertThat(externalMounts(asked))
                .contains("/dev/null=/dev/null")
                .anyMatch(mount -> mount.startsWith("/proc/") && mount.endsWith("=/dev/null"));
        assertThat(images.resolve("descriptors.json")).content().startsWith("[\"/dev/null\"");
        assertThat(directory.resolve("work")).isDirectory();
        assertThat(pid()).isEqualTo(pid);
    }

    @Test
    void whatWasSavedIsDeletedAndComesBackAsTheSameContainer() throws IOException {
        start();
        withFake("checkpoint", "--image-path", images.toString(), "saved").run().ok();
        assertThat(runc.run("state", "saved").err()).contains("container does not exist");
        Path pidFile = directory.resolve("pid");
        runc.background(withFake(
                "restore",
                "--detach",
                "--bundle",
                runc.bundle(),
                "--image-path",
                images.toString(),
                "--pid-file",
                pidFile.toString(),
                "saved"));
        ProtoMessage asked = options(3);
        assertThat(asked.flag(26))
                .as("a sibling of criu, so that the keeper is its parent")
                .isTrue();
        assertThat(asked.text(13))
                .contains(directory.resolve("state/saved/criu-root").toString());
        assertThat(asked.messages(25)).isNotEmpty();
        assertThat(externalMounts(asked)).contains("/dev/null=/dev/null");
        assertThat(directory.resolve("state/saved/criu-root")).doesNotExist();
        assertThat(pid()).isEqualTo(Files.readString(pidFile));
        assertThat(runc.run("list").out()).contains("running");
        runc.run("kill", "saved", "KILL").ok();
        Await.until("it has stopped", () -> runc.run("list").out().contains("stopped"));
        runc.run("delete", "saved").ok();
    }

    @Test
    void withCriuItselfTheProgramGoesOn() throws Exception {
        Assumptions.assumeTrue(
                works("cd", directory.toString(), "&&", "criu", "check"), "a criu that works on this kernel");
        String counting = "i=0; while :; do i=$((i+1)); echo $i >/dev/shm/n; sleep 0.1; done";
        runc.change(json -> json.replace("\"sleep\", \"1000\"", "\"sh\", \"-c\", \"" + counting + "\"")
                // criu makes a directory in the root for a moment
                .replace("\"readonly\": true", "\"readonly\": false"));
        start();
        Await.until("it counts", () -> counted() > 3);
        runc.run("checkpoint", "--image-path", images.toString(), "saved").ok();
        runc.background("restore", "--detach", "--bundle", runc.bundle(), "--image-path", images.toString(), "saved");
        int first = counted();
        assertThat(first).isGreaterThan(3);
        Await.until("it counts on", () -> counted() > first);
        Path elsewhere = images.resolve("again");
        runc.run("checkpoint", "--leave-running", "--image-path", elsewhere.toString(), "saved")
                .ok();
        runc.run("kill", "saved", "KILL").ok();
        Await.until("it has stopped", () -> runc.run("list").out().contains("stopped"));
    }

    private static boolean works(String... words) {
        return Command.of("sh", "-c", String.join(" ", words) + " >/dev/null 2>&1")
                        .run()
                        .exitCode()
                == 0;
    }

    private int counted() {
        String text = runc.run("exec", "saved", "cat", "/dev/shm/n").out().strip();
        return text.isEmpty() ? 0 : Integer.parseInt(text);
    }

    @Test
    void memoryFirstAndThenTheRest() throws IOException {
        start();
        withFake("checkpoint", "--image-path", images.resolve("first").toString(), "--pre-dump", "saved")
                .run()
                .ok();
        assertThat(pid()).isNotEmpty();
        Path rest = images.resolve("rest");
        withFake("checkpoint", "--image-path", rest.toString(), "--parent-path", "../first", "saved")
                .run()
                .ok();
        ProtoMessage asked = options(4);
        assertThat(asked.text(14)).contains("../first");
        assertThat(asked.flag(15)).isTrue();
    }

    @Test
    void failuresAreToldAndLeaveEverythingAsItWas() {
        start();
        Command.Result failed = withFake("checkpoint", "--image-path", images.toString(), "saved")
                .withVariable("FAKE_CRIU_FAIL", "1")
                .run();
        assertThat(failed.exitCode()).isEqualTo(1);
        assertThat(failed.err()).contains("criu failed: type DUMP errno 5");
        assertThat(runc.run("list").out()).contains("running");
        assertThat(withFake("checkpoint", "--parent-path", "/abs", "saved")
                        .run()
                        .err())
                .contains("--parent-path must be relative");
        assertThat(withFake("checkpoint", "--page-server", "nowhere", "saved")
                        .run()
                        .err())
                .contains("Use --page-server ADDRESS:PORT to specify page server");
        assertThat(withFake("checkpoint", "--manage-cgroups-mode", "odd", "saved")
                        .run()
                        .err())
                .contains("invalid manage-cgroups-mode value");
        assertThat(runc.command("checkpoint", "--image-path", images.toString(), "saved")
                        .withVariable("PATH", "/nonexistent")
                        .run()
                        .err())
                .contains("CRIU version check failed: exec: \\\"criu\\\": executable file not found in $PATH");
        runc.run("delete", "--force", "saved").ok();
        Command.Result lost = withFake("restore", "--bundle", runc.bundle(), "--image-path", images.toString(), "saved")
                .withVariable("FAKE_CRIU_FAIL", "1")
                .run();
        assertThat(lost.exitCode()).isEqualTo(1);
        assertThat(lost.err()).contains("criu failed: type RESTORE errno 5");
        assertThat(directory.resolve("state/saved")).doesNotExist();
    }
}
