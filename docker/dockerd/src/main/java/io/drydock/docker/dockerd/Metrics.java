package io.drydock.docker.dockerd;

import io.drydock.docker.engine.container.ContainerEngine;
import io.drydock.http.Exchange;
import io.drydock.http.HttpException;
import io.drydock.http.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What {@code --metrics-addr} serves at {@code /metrics}, in Prometheus's text format and by the original's names. */
final class Metrics implements HttpHandler {
    private static final double MILLIS = 1000;

    private final ContainerEngine containers;

    Metrics(ContainerEngine containers) {
        this.containers = containers;
    }

    @Override
    public void handle(Exchange exchange) throws IOException {
        if (!exchange.request().rawPath().equals("/metrics")) {
            throw new HttpException(404, "404 page not found");
        }
        exchange.response().send("text/plain; version=0.0.4; charset=utf-8", text().getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        var out = new StringBuilder(2048);
        var counts = containers.queries().counts();
        head(out, "engine_daemon_container_states_containers", "gauge", "The count of containers in various states");
        value(out, "engine_daemon_container_states_containers{state=\"paused\"}", counts.paused());
        value(out, "engine_daemon_container_states_containers{state=\"running\"}", counts.running());
        value(out, "engine_daemon_container_states_containers{state=\"stopped\"}", counts.stopped());
        head(
                out,
                "engine_daemon_engine_cpus_cpus",
                "gauge",
                "The number of cpus that the host system of the engine has");
        value(out, "engine_daemon_engine_cpus_cpus", Runtime.getRuntime().availableProcessors());
        head(
                out,
                "engine_daemon_engine_info",
                "gauge",
                "The information related to the engine and the OS it is running on");
        value(
                out,
                "engine_daemon_engine_info{architecture=\"" + SystemFacts.architecture() + "\",commit=\""
                        + Product.COMMIT + "\",graphdriver=\"overlay2\",kernel=\"" + SystemFacts.kernel()
                        + "\",os_type=\"linux\",version=\"" + Product.ENGINE + "\"}",
                1);
        head(out, "engine_daemon_health_checks_total", "counter", "The total number of health checks");
        value(
                out,
                "engine_daemon_health_checks_total",
                containers.healthChecks().total());
        head(out, "engine_daemon_health_checks_failed_total", "counter", "The total number of failed health checks");
        value(
                out,
                "engine_daemon_health_checks_failed_total",
                containers.healthChecks().failed());
        process(out);
        return out.toString();
    }

    private static void process(StringBuilder out) {
        var runtime = Runtime.getRuntime();
        var start = ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);
        head(out, "process_start_time_seconds", "gauge", "Start time of the process since unix epoch in seconds.");
        value(out, "process_start_time_seconds", start.toEpochMilli() / MILLIS);
        head(out, "process_open_fds", "gauge", "Number of open file descriptors.");
        value(out, "process_open_fds", SystemFacts.openFiles());
        head(out, "jvm_memory_used_bytes", "gauge", "Bytes of heap in use.");
        value(out, "jvm_memory_used_bytes", runtime.totalMemory() - runtime.freeMemory());
    }

    private static void head(StringBuilder out, String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private static void value(StringBuilder out, String name, double value) {
        out.append(name).append(' ');
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            out.append((long) value);
        } else {
            out.append(value);
        }
        out.append('\n');
    }
}
