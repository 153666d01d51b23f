package io.drydock.containerd.server.metrics;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.server.metrics.Exposition.Type;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that Prometheus is told. Safe for threads. */
public final class Monitoring {
    private static final Logger log = LoggerFactory.getLogger(Monitoring.class);
    private static final int PAGE = 4096;

    /** A task's numbers: a message of the cgroups' metrics. */
    public record Sample(String namespace, String id, Any stats) {}

    private final String version;
    private final String revision;
    private final GrpcMetrics calls;
    private final Supplier<List<Sample>> tasks;
    private final Histogram collections = new Histogram();
    private final LongAdder collected = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** @param tasks asks all running tasks for their numbers */
    public Monitoring(String version, String revision, GrpcMetrics calls, Supplier<List<Sample>> tasks) {
        this.version = version;
        this.revision = revision;
        this.calls = calls;
        this.tasks = tasks;
    }

    /** Notes a collection of garbage. */
    public void collected(Duration time, boolean succeeded) {
        (succeeded ? collected : failed).increment();
        if (succeeded) {
            collections.add(time);
        }
    }

    /** In Prometheus' text format. */
    public String text() throws IOException {
        var out = new Exposition();
        out.family("containerd_build_info_total", Type.COUNTER, "What is running.")
                .sample("containerd_build_info_total", List.of("version", version, "revision", revision), 1);
        var name = "containerd_gc_collections_total";
        out.family(name, Type.COUNTER, "Collections of garbage.");
        out.sample(name, List.of("status", "success"), collected.sum());
        out.sample(name, List.of("status", "fail"), failed.sum());
        collections.write(out, "containerd_gc_gc_seconds", "How long collections took.", List.of());
        calls.write(out);
        process(out);
        var written = new TaskMetrics(out);
        for (var sample : tasks.get()) {
            try {
                written.add(sample.namespace(), sample.id(), sample.stats());
            } catch (InvalidProtocolBufferException e) {
                log.warn("metrics of task {}: {}", sample.id(), e.getMessage());
            }
        }
        return out.text();
    }

    private static void process(Exposition out) throws IOException {
        var runtime = ManagementFactory.getRuntimeMXBean();
        gauge(out, "process_start_time_seconds", runtime.getStartTime() / 1000.0);
        var statm = Files.readString(Path.of("/proc/self/statm")).split(" ");
        gauge(out, "process_virtual_memory_bytes", Long.parseLong(statm[0]) * (double) PAGE);
        gauge(out, "process_resident_memory_bytes", Long.parseLong(statm[1]) * (double) PAGE);
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            gauge(out, "process_open_fds", descriptors.count());
        }
        var cpu = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        out.family("process_cpu_seconds_total", Type.COUNTER, "CPU time of this process.")
                .sample("process_cpu_seconds_total", List.of(), cpu.toMillis() / 1000.0);
        gauge(out, "process_threads", ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static void gauge(Exposition out, String name, double value) {
        out.family(name, Type.GAUGE, name.replace('_', ' ')).sample(name, List.of(), value);
    }
}
