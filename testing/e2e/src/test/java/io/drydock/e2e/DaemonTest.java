package io.drydock.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.testkit.Await;
import org.junit.jupiter.api.Test;

/** What the daemon itself offers: metrics, a log format, events of the past, health that outlives it. */
class DaemonTest {
    @Test
    void servesMetricsAndTellsThePastAfterItWasKilled() {
        try (var engine = Engine.alone("--metrics-addr", "127.0.0.1:9323", "--log-format", "json", "--live-restore")) {
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
            assertThat(engine.tailOfLog()).contains("\"msg\":\"Daemon has completed initialization\"");

            engine.kill();
            engine.start();

            healthy(docker);
            var events = docker.text("events", "--since", "1", "--until", "0s", "--format", "{{.Type}} {{.Action}}");
            assertThat(events)
                    .contains(
                            "image import", "container create", "container start", "container health_status: healthy");
        }
    }

    private static void healthy(Docker docker) {
        Await.until(
                "the container is healthy",
                () -> docker.text("ps", "--format", "{{.Status}}").endsWith("(healthy)"));
    }
}
