package io.drydock.runc.cgroups;

import io.drydock.runc.cgroups.DevicePolicy.Access;
import io.drydock.runc.cgroups.DevicePolicy.Devices;
import io.drydock.runc.cgroups.dbus.Variant;
import io.drydock.spec.oci.runtime.Cpu;
import io.drydock.spec.oci.runtime.DeviceRule;
import io.drydock.spec.oci.runtime.Memory;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Limits as properties of a unit, so that systemd does not undo them. What it has no property for is written to the group's files
 * alone. Source: systemd.resource-control(5), org.freedesktop.systemd1(5).
 */
final class SystemdProperties {
    private static final long INFINITY = -1;
    private static final long SECOND = 1_000_000;
    private static final long PERCENT = SECOND / 100;
    private static final long PERIOD = 100_000;
    /** The first version that knows the period of a quota, sets of processors, and a device's number as its path. */
    private static final int MODERN = 244;

    private static final int KNOWS_IDLE = 252;

    private final int version;
    private final List<Object> properties = new ArrayList<>();

    private SystemdProperties(int version) {
        this.version = version;
    }

    static List<Object> of(Resources resources, boolean unified, boolean withDevices, int version) throws IOException {
        SystemdProperties all = new SystemdProperties(version);
        if (withDevices) {
            all.devices(resources.devices());
        }
        if (resources.memory() != null) {
            all.memory(resources.memory(), unified);
        }
        if (resources.cpu() != null) {
            all.cpu(resources.cpu(), unified);
        }
        if (resources.pids() != null && resources.pids().limit() != null) {
            long limit = resources.pids().limit();
            all.add("TasksMax", limit < 0 ? INFINITY : Math.max(1, limit));
        }
        Integer weight =
                resources.blockIO() == null ? null : resources.blockIO().weight();
        if (!unified && weight != null && weight != 0) {
            all.add("BlockIOWeight", weight);
        }
        for (Map.Entry<String, String> file : resources.unified().entrySet()) {
            all.unified(file.getKey(), file.getValue().strip());
        }
        return all.properties;
    }

    private void add(String name, long value) {
        properties.add(Systemd.property(name, Variant.of(value)));
    }

    private void memory(Memory memory, boolean unified) throws IOException {
        long limit = memory.limit() == null ? 0 : memory.limit();
        if (limit != 0) {
            add(unified ? "MemoryMax" : "MemoryLimit", limit);
        }
        if (!unified) {
            return;
        }
        if (memory.reservation() != null && memory.reservation() != 0) {
            add("MemoryLow", memory.reservation());
        }
        String swap = ResourcesV2.swap(memory.swap() == null ? 0 : memory.swap(), limit)
                .orElse("");
        if (!swap.isEmpty()) {
            add("MemorySwapMax", number(swap));
        }
    }

    private static long number(String text) throws IOException {
        try {
            return text.equals("max") ? INFINITY : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IOException("value conversion error: \"" + text + "\" is no number", e);
        }
    }

    private void cpu(Cpu cpu, boolean unified) throws IOException {
        boolean idle = unified && cpu.idle() != null && cpu.idle() == 1 && version >= KNOWS_IDLE;
        long shares = Objects.requireNonNullElse(cpu.shares(), 0L);
        if (idle) {
            add("CPUWeight", 0);
        } else if (shares != 0) {
            add(unified ? "CPUWeight" : "CPUShares", unified ? ResourcesV2.weight(shares) : shares);
        }
        quota(cpu.quota() == null ? 0 : cpu.quota(), cpu.period() == null ? 0 : cpu.period());
        set("AllowedCPUs", cpu.cpus() == null ? "" : cpu.cpus());
        set("AllowedMemoryNodes", cpu.mems() == null ? "" : cpu.mems());
    }

    /** Systemd counts in percent of a processor: rounded up, so that what is asked for fits. */
    private void quota(long quota, long period) {
        if (period != 0 && version >= MODERN) {
            add("CPUQuotaPeriodUSec", period);
        }
        if (quota == 0 && period == 0) {
            return;
        }
        long aSecond = INFINITY;
        if (quota > 0) {
            long exact = quota * SECOND / (period == 0 ? PERIOD : period);
            aSecond = (exact + PERCENT - 1) / PERCENT * PERCENT;
        }
        add("CPUQuotaPerSecUSec", aSecond);
    }

    private void set(String name, String ranges) throws IOException {
        if (!ranges.isEmpty() && version >= MODERN) {
            properties.add(Systemd.property(name, Variant.bytes(bits(ranges))));
        }
    }

    /** {@code 0-2,9} as a bit for each, the lowest first. */
    static byte[] bits(String ranges) throws IOException {
        java.util.BitSet bits = new java.util.BitSet();
        for (String range : ranges.split(",")) {
            String[] ends = range.strip().split("-", 2);
            int from = (int) number(ends[0]);
            int to = (int) number(ends[ends.length - 1]);
            if (from < 0 || to < from || to > 1 << 16) {
                throw new IOException("invalid range \"" + range + '"');
            }
            bits.set(from, to + 1);
        }
        return bits.toByteArray();
    }

    private void unified(String file, String value) throws IOException {
        switch (file) {
            case "cpu.weight" -> add("CPUWeight", number(value));
            case "cpu.idle" -> {
                if (value.equals("1") && version >= KNOWS_IDLE) {
                    add("CPUWeight", 0);
                }
            }
            case "cpu.max" -> {
                String[] words = value.split("\\s+");
                long quota = number(words[0]);
                quota(quota == INFINITY ? 0 : quota, words.length > 1 ? number(words[1]) : PERIOD);
            }
            case "cpuset.cpus" -> set("AllowedCPUs", value);
            case "cpuset.mems" -> set("AllowedMemoryNodes", value);
            case "memory.high" -> add("MemoryHigh", number(value));
            case "memory.low" -> add("MemoryLow", number(value));
            case "memory.min" -> add("MemoryMin", number(value));
            case "memory.max" -> add("MemoryMax", number(value));
            case "memory.swap.max" -> add("MemorySwapMax", number(value));
            case "pids.max" -> add("TasksMax", number(value) == INFINITY ? INFINITY : Math.max(1, number(value)));
            default -> {
                // no property: the file is written all the same
            }
        }
    }

    /** Only lists of what is allowed exist; others are for our own filter. */
    private void devices(List<DeviceRule> rules) throws IOException {
        List<DeviceRule> all = new ArrayList<>(rules);
        all.addAll(DeviceRules.ALWAYS_ALLOWED);
        DevicePolicy policy = DevicePolicy.of(all);
        boolean everything = policy.allowsAll() && policy.exceptions().isEmpty();
        properties.add(Systemd.property("DevicePolicy", Variant.of(everything ? "auto" : "strict")));
        properties.add(Systemd.property("DeviceAllow", new Variant("a(ss)", List.of())));
        if (policy.allowsAll()) {
            return;
        }
        List<Object> allowed = new ArrayList<>();
        for (Map.Entry<Devices, Set<Access>> exception : policy.exceptions().entrySet()) {
            String path = path(exception.getKey());
            if (!path.isEmpty()) {
                StringBuilder access = new StringBuilder();
                exception.getValue().forEach(one -> access.append(one.letter));
                allowed.add(List.of(path, access.toString()));
            }
        }
        properties.add(Systemd.property("DeviceAllow", new Variant("a(ss)", allowed)));
    }

    /** Empty for what systemd cannot say: one minor number of every major. */
    private static String path(Devices devices) {
        String type = devices.type() == 'b' ? "block" : "char";
        if (devices.major() == DevicePolicy.ANY) {
            return devices.minor() == DevicePolicy.ANY ? type + "-*" : "";
        }
        return devices.minor() == DevicePolicy.ANY
                ? type + '-' + devices.major()
                : "/dev/" + type + '/' + devices.major() + ':' + devices.minor();
    }
}
