package io.drydock.runc.cgroups;

import io.drydock.runc.cgroups.CgroupStats.Cpu;
import io.drydock.runc.cgroups.CgroupStats.Io;
import io.drydock.runc.cgroups.CgroupStats.Memory;
import io.drydock.runc.cgroups.CgroupStats.Pids;
import io.drydock.runc.cgroups.CgroupStats.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the counters. A file that is missing (a controller that is off, a group that has just gone) counts as nothing. */
final class StatsReader {
    private static final long NANOS_PER_TICK = 10_000_000;

    private StatsReader() {}

    static CgroupStats ofV1(Map<String, Path> groups) throws IOException {
        Path none = Path.of("/nonexistent");
        Path cpuacct = groups.getOrDefault("cpuacct", none);
        Path blkio = groups.getOrDefault("blkio", none);
        Map<String, Long> ticks = table(cpuacct.resolve("cpuacct.stat"));
        Map<String, Long> throttling = table(groups.getOrDefault("cpu", none).resolve("cpu.stat"));
        List<Long> perCpu = new ArrayList<>();
        for (String word : text(cpuacct.resolve("cpuacct.usage_percpu")).split(" ")) {
            if (!word.isEmpty()) {
                perCpu.add(Long.parseLong(word));
            }
        }
        Cpu cpu = new Cpu(
                number(cpuacct.resolve("cpuacct.usage")),
                ticks.getOrDefault("user", 0L) * NANOS_PER_TICK,
                ticks.getOrDefault("system", 0L) * NANOS_PER_TICK,
                perCpu,
                throttling.getOrDefault("nr_periods", 0L),
                throttling.getOrDefault("nr_throttled", 0L),
                throttling.getOrDefault("throttled_time", 0L));
        Path memory = groups.getOrDefault("memory", none);
        Memory used = new Memory(
                usageV1(memory, "memory."),
                usageV1(memory, "memory.memsw."),
                table(memory.resolve("memory.stat")),
                table(memory.resolve("memory.oom_control")).getOrDefault("oom_kill", 0L));
        return new CgroupStats(
                cpu,
                used,
                pids(groups.getOrDefault("pids", none)),
                ioV1(blkio, "blkio.throttle.io_service_bytes"),
                ioV1(blkio, "blkio.throttle.io_serviced"));
    }

    private static Usage usageV1(Path group, String prefix) throws IOException {
        return new Usage(
                number(group.resolve(prefix + "usage_in_bytes")), number(group.resolve(prefix + "max_usage_in_bytes")),
                number(group.resolve(prefix + "limit_in_bytes")), number(group.resolve(prefix + "failcnt")));
    }

    static CgroupStats ofV2(Path group) throws IOException {
        Map<String, Long> times = table(group.resolve("cpu.stat"));
        Cpu cpu = new Cpu(
                times.getOrDefault("usage_usec", 0L) * 1000,
                times.getOrDefault("user_usec", 0L) * 1000,
                times.getOrDefault("system_usec", 0L) * 1000,
                List.of(),
                times.getOrDefault("nr_periods", 0L),
                times.getOrDefault("nr_throttled", 0L),
                times.getOrDefault("throttled_usec", 0L) * 1000);
        Map<String, Long> events = table(group.resolve("memory.events"));
        Memory memory = new Memory(
                usageV2(group, "memory.", events.getOrDefault("max", 0L)), usageV2(group, "memory.swap.", 0),
                table(group.resolve("memory.stat")), events.getOrDefault("oom_kill", 0L));
        return new CgroupStats(cpu, memory, pids(group), ioV2(group, "rbytes", "wbytes"), ioV2(group, "rios", "wios"));
    }

    private static Usage usageV2(Path group, String prefix, long failures) throws IOException {
        return new Usage(
                number(group.resolve(prefix + "current")),
                number(group.resolve(prefix + "peak")),
                number(group.resolve(prefix + "max")),
                failures);
    }

    private static Pids pids(Path group) throws IOException {
        long limit = number(group.resolve("pids.max"));
        return new Pids(number(group.resolve("pids.current")), limit == Long.MAX_VALUE ? 0 : limit);
    }

    private static String text(Path file) throws IOException {
        return CgroupFile.readIfExists(file).orElse("");
    }

    /** {@code max} is {@link Long#MAX_VALUE}, a missing file 0. */
    static long number(Path file) throws IOException {
        String text = text(file);
        return text.isEmpty() ? 0 : text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    }

    /** Lines of a word and a number. */
    static Map<String, Long> table(Path file) throws IOException {
        Map<String, Long> table = new LinkedHashMap<>();
        for (String line : text(file).split("\n")) {
            int space = line.lastIndexOf(' ');
            if (space > 0) {
                table.put(line.substring(0, space), Long.parseUnsignedLong(line.substring(space + 1)));
            }
        }
        return table;
    }

    private static List<Io> ioV1(Path group, String file) throws IOException {
        List<Io> entries = new ArrayList<>();
        for (String line : text(group.resolve(file)).split("\n")) {
            String[] words = line.split("[ :]");
            if (words.length == 4) {
                entries.add(
                        new Io(Long.parseLong(words[0]), Long.parseLong(words[1]), words[2], Long.parseLong(words[3])));
            }
        }
        return entries;
    }

    private static List<Io> ioV2(Path group, String read, String write) throws IOException {
        List<Io> entries = new ArrayList<>();
        for (String line : text(group.resolve("io.stat")).split("\n")) {
            String[] words = line.split(" ");
            String[] device = words[0].split(":");
            for (int i = 1; i < words.length && device.length == 2; i++) {
                String[] pair = words[i].split("=");
                if (pair.length == 2 && (pair[0].equals(read) || pair[0].equals(write))) {
                    entries.add(new Io(
                            Long.parseLong(device[0]),
                            Long.parseLong(device[1]),
                            pair[0].equals(read) ? "Read" : "Write",
                            Long.parseLong(pair[1])));
                }
            }
        }
        return entries;
    }
}
