package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import io.drydock.testkit.Command;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the daemon itself offers: metrics, a log format, events of the past, health that outlives it. */
class DaemonTest {
    private static final String PROBE = "/bin/busybox echo one; /bin/busybox echo two >&2; exit 7";

    @Test
    void servesMetricsAndTellsThePastAfterItWasKilled() throws IOException {
        try (var engine = Engine.alone(
                "--metrics-addr",
                "127.0.0.1:9323",
                "--log-format",
                "json",
                "--live-restore",
                "--add-runtime",
                "debian=" + Programs.original("runc"))) {
            leaveALoad(engine);
            var docker = engine.original();
            docker.text("import", BusyboxImage.rootfs(engine.directory).toString(), "box");
            docker.text(
                    "run",
                    "-d",
                    "--name",
                    "checked",
                    "--health-cmd",
                    "/bin/busybox test -e /tmp",
                    "--health-interval",
                    "200ms",
                    "box",
                    "/bin/busybox",
                    "sleep",
                    "1000");
            healthy(docker);
            var metrics = engine.network
                    .command("curl", "-s", "--max-time", "20", "http://127.0.0.1:9323/metrics")
                    .run()
                    .text();
            assertThat(metrics)
                    .contains("engine_daemon_container_states_containers{state=\"running\"} 1")
                    .containsPattern("engine_daemon_health_checks_total [1-9]");
            assertThat(engine.tailOfLog())
                    .contains("\"msg\":\"Daemon has completed initialization\"")
                    .doesNotContain("wait failed"); // run -d waits, and leaves
            checksByAnotherRuntime(docker);

            engine.kill();
            engine.start();

            healthy(docker);
            var events = docker.text("events", "--since", "1", "--until", "0s", "--format", "{{.Type}} {{.Action}}");
            assertThat(events)
                    .contains(
                            "image import", "container create", "container start", "container health_status: healthy");
        }
    }

    /** Where the shim cannot run probes by itself they are execs, and nobody sees a difference. */
    private static void checksByAnotherRuntime(Docker docker) {
        for (String runtime : List.of("runc", "debian")) {
            docker.text(
                    "run",
                    "-d",
                    "--runtime",
                    runtime,
                    "--name",
                    runtime,
                    "--network",
                    "none",
                    "--health-cmd",
                    PROBE,
                    "--health-interval",
                    "200ms",
                    "--health-retries",
                    "1",
                    "box",
                    "/bin/busybox",
                    "sleep",
                    "1000");
            Await.until(
                    "a probe has failed",
                    () -> docker.text("inspect", "-f", "{{.State.Health.Status}}", runtime)
                            .equals("unhealthy"));
            assertThat(docker.text("inspect", "-f", "{{with index .State.Health.Log 0}}{{json .}}{{end}}", runtime))
                    .contains("\"ExitCode\":7,", "\"Output\":\"one\\ntwo\\n\"");
            docker.text("rm", "-f", runtime);
            assertThat(docker.text(
                                    "events",
                                    "--since",
                                    "1",
                                    "--until",
                                    soon(),
                                    "--filter",
                                    "container=" + runtime,
                                    "--format",
                                    "{{.Action}} {{.Actor.Attributes.exitCode}}")
                            .lines()
                            .filter(event -> event.startsWith("exec_"))
                            .limit(3))
                    .containsExactly(
                            "exec_create: /bin/sh -c " + PROBE + " <no value>",
                            "exec_start: /bin/sh -c " + PROBE + " <no value>",
                            "exec_die 7");
        }
    }

    @Test
    void takesOverAChangedConfigurationAsAWholeOrNotAtAll() throws IOException {
        Path file = Files.createTempFile("daemon", ".json");
        try (var engine = Engine.alone(
                "--config-file",
                Files.writeString(file, "{\"labels\":[\"a=1\"]}").toString())) {
            var docker = engine.original();
            var shown = "{{.Labels}} {{.Debug}} {{.DefaultRuntime}} {{.RegistryConfig.Mirrors}}";
            assertThat(docker.text("info", "-f", shown)).isEqualTo("[a=1] false runc []");

            Files.writeString(file, """
                    {"labels": ["a=2"], "debug": true, "runtimes": {"other": {"path": "/bin/true"}},
                     "default-runtime": "other", "registry-mirrors": ["http://mirror:5000"]}""");
            hangUp(engine, "Reloaded configuration");
            assertThat(docker.text("info", "-f", shown)).isEqualTo("[a=2] true other [http://mirror:5000/]");
            assertThat(docker.text("events", "--since", "1", "--until", soon(), "--filter", "event=reload"))
                    .contains("labels=[a=2]", "registry-mirrors=[http://mirror:5000]");

            Files.writeString(file, "{\"labels\": [\"a=3\"], \"default-runtime\": \"nobody\"}");
            hangUp(engine, "specified default runtime 'nobody' does not exist");
            assertThat(docker.text("info", "-f", shown)).isEqualTo("[a=2] true other [http://mirror:5000/]");

            engine.terminateGroup();
            assertThat(engine.tailOfLog()).doesNotContain("has died");
            assertThat(ProcessTree.mentioning(engine.directory.toString()))
                    .noneMatch(left -> ProcessTree.commandLine(left.pid()).contains("containerd.server.Main"));
        } finally {
            Files.delete(file);
        }
    }

    /** A client that leaves in the middle of a load is no error and leaves nothing behind. */
    private static void leaveALoad(Engine engine) throws IOException {
        var stage = new EngineStage(engine);
        for (int i = 0; i < 3; i++) {
            try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                channel.connect(UnixDomainSocketAddress.of(engine.socket()));
                channel.write(ByteBuffer.wrap(
                        "POST /images/load HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n"
                                .getBytes(StandardCharsets.US_ASCII)));
                Await.until("the load has begun", () -> leases(stage) > 0);
            }
            Await.until("the load has ended", () -> leases(stage) == 0);
        }
        assertThat(engine.tailOfLog()).doesNotContain("\"level\":\"error\"", "\"level\":\"warning\"");
    }

    private static long leases(EngineStage stage) throws IOException {
        return stage.now().stream().filter(thing -> thing.startsWith("leases ")).count();
    }

    /** A full second after now: clients cut fractions off. */
    private static String soon() {
        return Long.toString(Instant.now().getEpochSecond() + 1);
    }

    private static void hangUp(Engine engine, String words) {
        Command.of("kill", "-HUP", Long.toString(engine.process().pid())).run().ok();
        Await.until("the daemon says " + words, () -> engine.tailOfLog().contains(words));
    }

    private static void healthy(Docker docker) {
        Await.until(
                "the container is healthy",
                () -> docker.text("ps", "--format", "{{.Status}}").endsWith("(healthy)"));
    }
}
