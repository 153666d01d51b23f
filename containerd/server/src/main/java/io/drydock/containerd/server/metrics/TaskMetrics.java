package io.drydock.containerd.server.metrics;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.drydock.containerd.server.metrics.Exposition.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tasks' cgroups as metrics {@code container_NAME_UNIT}. The names are those of the messages' fields, with the exceptions
 * that the original makes. Used by one thread.
 */
final class TaskMetrics {
    private static final String V1 = "io.containerd.cgroups.v1.Metrics";
    private static final String V2 = "io.containerd.cgroups.v2.Metrics";
    /** Fields whose metrics have other names. */
    private static final Map<String, String> RENAMED = Map.ofEntries(
            Map.entry("memory_hierarchical_swap_limit", "memory_hierarchical_memsw_limit"),
            Map.entry("cpu_usage_total", "cpu_total"),
            Map.entry("cpu_usage_kernel", "cpu_kernel"),
            Map.entry("cpu_usage_user", "cpu_user"),
            Map.entry("cpu_throttling_periods", "cpu_throttle_periods"),
            Map.entry("cpu_throttling_throttled_periods", "cpu_throttled_periods"),
            Map.entry("cpu_throttling_throttled_time", "cpu_throttled_time"),
            Map.entry("memory_events_oom", "memory_oom"));

    private final Exposition out;

    TaskMetrics(Exposition out) {
        this.out = out;
    }

    /** Adds a task's numbers; those that are no cgroup's are left out. */
    void add(String namespace, String id, Any stats) throws InvalidProtocolBufferException {
        var task = List.of("container_id", id, "namespace", namespace);
        var type = stats.getTypeUrl().substring(stats.getTypeUrl().lastIndexOf('/') + 1);
        if (type.equals(V1)) {
            var metrics = io.drydock.spec.containerd.cgroups.v1.Metrics.parseFrom(stats.getValue());
            walk("", metrics, task, false);
            for (var page : metrics.getHugetlbList()) {
                var labels = with(task, "page", page.getPagesize());
                put("hugetlb_usage", "bytes", labels, page.getUsage());
                put("hugetlb_failcnt", "total", labels, page.getFailcnt());
                put("hugetlb_max", "bytes", labels, page.getMax());
            }
        } else if (type.equals(V2)) {
            var metrics = io.drydock.spec.containerd.cgroups.v2.Metrics.parseFrom(stats.getValue());
            walk("", metrics, task, true);
            for (var entry : metrics.getIo().getUsageList()) {
                var labels = with(
                        with(task, "major", Long.toString(entry.getMajor())), "minor", Long.toString(entry.getMinor()));
                put("io_rbytes", "bytes", labels, entry.getRbytes());
                put("io_wbytes", "bytes", labels, entry.getWbytes());
                put("io_rios", "total", labels, entry.getRios());
                put("io_wios", "total", labels, entry.getWios());
            }
        }
    }

    private static List<String> with(List<String> labels, String name, String value) {
        var all = new ArrayList<>(labels);
        all.add(name);
        all.add(value);
        return all;
    }

    private void put(String name, String unit, List<String> labels, double value) {
        var family = "container_" + name + "_" + unit;
        out.family(family, Type.GAUGE, name.replace('_', ' ')).sample(family, labels, value);
    }

    private void walk(String path, Message message, List<String> task, boolean unified) {
        for (var field : message.getDescriptorForType().getFields()) {
            var name = path + word(field);
            if (field.isRepeated()) {
                repeated(name, message, field, task);
            } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                if (message.hasField(field)) {
                    walk(name + "_", (Message) message.getField(field), task, unified);
                }
            } else if (message.getField(field) instanceof Long value) {
                single(name, task, value, unified);
            }
        }
    }

    /** A field's part of the name: {@code pg_maj_fault} is {@code pgmajfault}, {@code kernel_tcp} is {@code kerneltcp}. */
    private static String word(FieldDescriptor field) {
        return field.getName()
                .replace("pg_pg_", "pgpg")
                .replace("pg_maj_fault", "pgmajfault")
                .replace("pg_fault", "pgfault")
                .replace("kernel_tcp", "kerneltcp");
    }

    private void single(String field, List<String> task, long value, boolean unified) {
        var name = RENAMED.getOrDefault(field, field);
        if (name.startsWith("pids_")) {
            put("pids", name.substring("pids_".length()), task, value);
        } else if (name.startsWith("memory_events_") || name.startsWith("memory_oom_control_")) {
            return; // the original has the first of them only
        } else if (name.startsWith("memory_")) {
            put(name, name.endsWith("_failcnt") || name.equals("memory_oom") ? "total" : "bytes", task, value);
        } else if (name.endsWith("_usec")) {
            put(name, "microseconds", task, value);
        } else if (name.startsWith("cpu_")) {
            put(name, unified || name.endsWith("periods") ? "total" : "nanoseconds", task, value);
        }
    }

    private void repeated(String name, Message message, FieldDescriptor field, List<String> task) {
        var values = (List<?>) message.getField(field);
        for (int i = 0; i < values.size(); i++) {
            if (name.equals("cpu_usage_per_cpu")) {
                put("per_cpu", "nanoseconds", with(task, "cpu", Integer.toString(i)), (Long) values.get(i));
            } else if (values.get(i) instanceof io.drydock.spec.containerd.cgroups.v1.BlkIOEntry entry
                    && !name.contains("wait_time")) {
                var labels = with(with(task, "op", entry.getOp()), "device", entry.getDevice());
                labels = with(labels, "major", Long.toString(entry.getMajor()));
                labels = with(labels, "minor", Long.toString(entry.getMinor()));
                put(name, name.contains("bytes") ? "bytes" : "total", labels, entry.getValue());
            }
        }
    }
}
