package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Containers that hang: their files are on a server that has gone, or nobody takes their log. */
@Timeout(600)
class StuckContainersTest {
    /** More than there are threads that carry others on a small machine. */
    private static final int MANY = 4;

    @Test
    void holdUpNobodyElseAndAreNamed() throws Exception {
        Assumptions.assumeTrue(Files.isWritable(FrozenFileSystem.DEVICE), "no FUSE here");
        var waiting = new ArrayList<Process>();
        var creating = new ArrayList<Process>();
        try (var engine = Engine.alone();
                var receiver = new SilentReceiver(engine.directory.resolve("syslog.sock"));
                var frozen = new FrozenFileSystem(engine.directory.resolve("frozen"))) {
            var docker = engine.original();
            docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), "box");
            for (int i = 0; i < MANY; i++) {
                docker.text(
                        "volume",
                        "create",
                        "-o",
                        "type=none",
                        "-o",
                        "o=bind",
                        "-o",
                        "device=" + frozen.directory + "/" + i,
                        "v" + i);
                waiting.add(docker.command("run", "--name", "mount" + i, "-v", "v" + i + ":/v", "box", "true")
                        .start());
                creating.add(docker.command("create", "-v", frozen.directory + "/b" + i + ":/v", "box", "true")
                        .start());
                docker.text(
                        "run",
                        "-d",
                        "--name",
                        "log" + i,
                        "--network",
                        "none",
                        "--log-driver",
                        "syslog",
                        "--log-opt",
                        "syslog-address=unixgram://" + receiver.path(),
                        "box",
                        "yes");
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(docker.text("run", "--rm", "--network", "none", "box", "echo", "fine"))
                        .isEqualTo("fine");
            }
            assertThat(docker.text("ps", "--format", "{{.Names}}").lines()).hasSize(MANY);
            Await.until("those that hang are named", Duration.ofMinutes(3), () -> {
                String log = Files.readString(engine.log());
                return log.contains("container mount0 (")
                        && log.contains("an operation has not ended for")
                        && log.contains("container log0 (")
                        && log.contains("its log has taken nothing for");
            });
            assertThat(waiting).allMatch(Process::isAlive);
            assertThat(creating).allMatch(Process::isAlive);

            frozen.close();
            for (var process : waiting) {
                assertThat(process.waitFor()).isNotZero();
            }
            for (var process : creating) {
                process.waitFor();
            }
            assertThat(docker.text("ps", "-a", "--filter", "name=mount", "--format", "{{.State}}")
                            .lines())
                    .hasSize(MANY)
                    .containsOnly("created");
        } finally {
            waiting.forEach(Process::destroyForcibly);
            creating.forEach(Process::destroyForcibly);
        }
    }

    /** A socket that takes datagrams until its queue is full, and reads none. */
    private record SilentReceiver(Path path, Process process) implements AutoCloseable {
        SilentReceiver(Path path) throws Exception {
            this(path, Command.of("python3", "-c", """
                    import socket, sys
                    s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
                    s.bind(sys.argv[1])
                    print("bound", flush=True)
                    sys.stdin.read()
                    """, path.toString()).start());
            assertThat(process.inputReader().readLine()).isEqualTo("bound");
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }
}
