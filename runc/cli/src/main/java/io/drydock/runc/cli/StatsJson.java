package io.drydock.runc.cli;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.CgroupStats;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.runc.runtime.Container;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A container's counters in the shape of {@code runc events}; what is zero is left out where the original does so. */
final class StatsJson {
    private final Cgroup cgroup;
    private final CgroupStats stats;

    private final Optional<ResctrlGroup> shares;

    private StatsJson(Container container) throws IOException {
        this.cgroup = container.cgroup();
        this.stats = cgroup.stats();
        this.shares = container.shares();
    }

    static Map<String, Object> of(Container container) throws IOException {
        return new StatsJson(container).document();
    }

    private Map<String, Object> document() throws IOException {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("cpu", cpu());
        data.put("cpuset", cpuset());
        data.put("memory", memory());
        data.put(
                "pids",
                unlessZero(
                        "current", stats.pids().current(), "limit", stats.pids().limit()));
        data.put("blkio", blockIo());
        data.put("hugetlb", hugetlb());
        data.put("intel_rdt", shares.isPresent() ? shares.get().stats() : Map.of());
        data.put("network_interfaces", null);
        return data;
    }

    private static Map<String, Object> unlessZero(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].equals(0L)) {
                map.put((String) pairs[i], pairs[i + 1]);
            }
        }
        return map;
    }

    private Map<String, Object> cpu() throws IOException {
        CgroupStats.Cpu cpu = stats.cpu();
        Map<String, Object> usage = unlessZero("total", cpu.total());
        if (!cpu.perCpu().isEmpty()) {
            usage.put("percpu", cpu.perCpu());
        }
        perCpuModes(usage);
        usage.put("kernel", cpu.kernel());
        usage.put("user", cpu.user());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("usage", usage);
        json.put(
                "throttling",
                unlessZero(
                        "periods",
                        cpu.periods(),
                        "throttledPeriods",
                        cpu.throttledPeriods(),
                        "throttledTime",
                        cpu.throttledTime()));
        pressure(json, "cpu");
        return json;
    }

    /** {@code cpuacct.usage_all}: a heading, then a line per processor. */
    private void perCpuModes(Map<String, Object> usage) throws IOException {
        List<Long> user = new ArrayList<>();
        List<Long> kernel = new ArrayList<>();
        for (String line : text("cpuacct", "cpuacct.usage_all").split("\n")) {
            String[] words = line.split(" ");
            if (words.length == 3 && !words[0].equals("cpu")) {
                user.add(Long.parseLong(words[1]));
                kernel.add(Long.parseLong(words[2]));
            }
        }
        if (!user.isEmpty()) {
            usage.put("percpu_kernel", kernel);
            usage.put("percpu_user", user);
        }
    }

    private Map<String, Object> cpuset() throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        set(json, "cpus");
        for (String name : List.of("cpu_exclusive")) {
            json.put(name, number("cpuset", "cpuset." + name));
        }
        set(json, "mems");
        for (String name : List.of(
                "mem_hardwall",
                "mem_exclusive",
                "memory_migrate",
                "memory_spread_page",
                "memory_spread_slab",
                "memory_pressure",
                "sched_load_balance",
                "sched_relax_domain_level")) {
            json.put(name, number("cpuset", "cpuset." + name));
        }
        return json;
    }

    /** {@code 0-2,5} as single numbers. */
    private void set(Map<String, Object> json, String name) throws IOException {
        List<Long> numbers = new ArrayList<>();
        for (String range : text("cpuset", "cpuset." + name).split(",")) {
            String[] ends = range.split("-");
            if (!range.isEmpty()) {
                for (long n = Long.parseLong(ends[0]); n <= Long.parseLong(ends[ends.length - 1]); n++) {
                    numbers.add(n);
                }
            }
        }
        if (!numbers.isEmpty()) {
            json.put(name, numbers);
        }
    }

    private Map<String, Object> memory() throws IOException {
        CgroupStats.Memory memory = stats.memory();
        Map<String, Object> json = unlessZero(
                "cache", memory.stat().getOrDefault("cache", memory.stat().getOrDefault("file", 0L)));
        json.put("usage", usage(memory.usage()));
        json.put("swap", usage(memory.swap()));
        json.put("kernel", kernelMemory("memory.kmem."));
        json.put("kernelTCP", kernelMemory("memory.kmem.tcp."));
        json.put("raw", new TreeMap<>(memory.stat()));
        pressure(json, "memory");
        return json;
    }

    private static Map<String, Object> usage(CgroupStats.Usage usage) {
        return usage(usage.limit(), usage.now(), usage.max(), usage.failures());
    }

    private static Map<String, Object> usage(long limit, long now, long max, long failures) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("limit", limit);
        json.putAll(unlessZero("usage", now, "max", max));
        json.put("failcnt", failures);
        return json;
    }

    private Map<String, Object> kernelMemory(String prefix) throws IOException {
        return usage(
                number("memory", prefix + "limit_in_bytes"), number("memory", prefix + "usage_in_bytes"),
                number("memory", prefix + "max_usage_in_bytes"), number("memory", prefix + "failcnt"));
    }

    private Map<String, Object> blockIo() throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        io(json, "ioServiceBytesRecursive", stats.ioBytes());
        io(json, "ioServicedRecursive", stats.ioOperations());
        pressure(json, "io");
        return json;
    }

    private static void io(Map<String, Object> json, String key, List<CgroupStats.Io> entries) {
        if (!entries.isEmpty()) {
            json.put(
                    key,
                    entries.stream()
                            .map(e -> unlessZero(
                                    "major", e.major(), "minor", e.minor(), "op", e.operation(), "value", e.value()))
                            .toList());
        }
    }

    private Map<String, Object> hugetlb() throws IOException {
        Map<String, Object> json = new TreeMap<>();
        Path sizes = Path.of("/sys/kernel/mm/hugepages");
        if (directory("hugetlb") == null || !Files.isDirectory(sizes)) {
            return json;
        }
        try (var entries = Files.newDirectoryStream(sizes, "hugepages-*")) {
            for (Path entry : entries) {
                String size = pageSize(entry.getFileName().toString());
                String prefix = "hugetlb." + size + '.';
                Map<String, Object> counters = unlessZero(
                        "usage", number("hugetlb", prefix + "usage_in_bytes"),
                        "max", number("hugetlb", prefix + "max_usage_in_bytes"));
                counters.put("failcnt", number("hugetlb", prefix + "failcnt"));
                json.put(size, counters);
            }
        }
        return json;
    }

    /** {@code hugepages-2048kB} is {@code 2MB}. */
    private static String pageSize(String name) {
        long kilobytes = Long.parseLong(name.substring("hugepages-".length(), name.length() - 2));
        return kilobytes >= 1 << 20
                ? (kilobytes >> 20) + "GB"
                : kilobytes >= 1 << 10 ? (kilobytes >> 10) + "MB" : kilobytes + "KB";
    }

    /** Of version 2 only, and where the kernel counts it. */
    private void pressure(Map<String, Object> json, String what) throws IOException {
        if (cgroup.paths().size() != 1) {
            return;
        }
        Map<String, Object> kinds = new LinkedHashMap<>();
        for (String line : text("", what + ".pressure").split("\n")) {
            String[] words = line.split(" ");
            if (words.length == 5) {
                Map<String, Object> kind = new LinkedHashMap<>();
                for (int i = 1; i < words.length; i++) {
                    String[] pair = words[i].split("=");
                    kind.put(
                            pair[0],
                            pair[0].equals("total") ? (Object) Long.parseLong(pair[1]) : Double.parseDouble(pair[1]));
                }
                kinds.put(words[0], kind);
            }
        }
        if (!kinds.isEmpty()) {
            json.put("psi", kinds);
        }
    }

    private @Nullable Path directory(String controller) {
        for (Map.Entry<String, String> path : cgroup.paths().entrySet()) {
            if (List.of(path.getKey().split(",")).contains(controller)) {
                return Path.of(path.getValue());
            }
        }
        return null;
    }

    private String text(String controller, String file) throws IOException {
        Path directory = directory(controller);
        try {
            return directory == null
                    ? ""
                    : Files.readString(directory.resolve(file)).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private long number(String controller, String file) throws IOException {
        String text = text(controller, file);
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }
}
