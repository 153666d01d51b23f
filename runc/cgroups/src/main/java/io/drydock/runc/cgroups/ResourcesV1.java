package io.drydock.runc.cgroups;

import io.drydock.spec.oci.runtime.BlockIO;
import io.drydock.spec.oci.runtime.Cpu;
import io.drydock.spec.oci.runtime.DeviceRule;
import io.drydock.spec.oci.runtime.HugepageLimit;
import io.drydock.spec.oci.runtime.InterfacePriority;
import io.drydock.spec.oci.runtime.Memory;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.ThrottleDevice;
import io.drydock.spec.oci.runtime.WeightDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A spec's limits in the files of version 1. A limit whose controller is not mounted is an error, not silence. */
final class ResourcesV1 {
    private final Map<String, Path> groups;

    ResourcesV1(Map<String, Path> groups) {
        this.groups = groups;
    }

    void apply(Resources resources, boolean withDevices) throws IOException {
        if (!resources.unified().isEmpty()) {
            throw new IOException("invalid configuration: cannot use unified on cgroup v1");
        }
        if (withDevices) {
            devices(resources.devices());
        }
        if (resources.memory() != null) {
            memory(resources.memory());
        }
        if (resources.cpu() != null) {
            cpu(resources.cpu());
        }
        if (resources.pids() != null && resources.pids().limit() != null) {
            long limit = resources.pids().limit();
            write("pids", "pids.max", limit > 0 ? Long.toString(limit) : "max");
        }
        if (resources.blockIO() != null) {
            blockIo(resources.blockIO());
        }
        for (HugepageLimit limit : resources.hugepageLimits()) {
            write("hugetlb", "hugetlb." + limit.pageSize() + ".limit_in_bytes", String.valueOf(limit.limit()));
        }
        if (resources.network() != null) {
            write("net_cls", "net_cls.classid", resources.network().classID());
            for (InterfacePriority priority : resources.network().priorities()) {
                write("net_prio", "net_prio.ifpriomap", priority.name() + ' ' + priority.priority());
            }
        }
        if (!resources.rdma().isEmpty()) {
            throw new IOException("rdma cgroup is not mounted");
        }
    }

    private Path group(String controller) throws IOException {
        Path group = groups.get(controller);
        if (group == null) {
            throw new IOException(controller + " cgroup is not mounted");
        }
        return group;
    }

    private void write(String controller, String file, @Nullable Long value) throws IOException {
        if (value != null) {
            write(controller, file, Long.toString(value));
        }
    }

    private void write(String controller, String file, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            CgroupFile.write(group(controller).resolve(file), value);
        }
    }

    private void devices(List<DeviceRule> rules) throws IOException {
        Path group = group("devices");
        if (rules.isEmpty() || rules.getFirst().allow()) {
            // what no rule allows is denied, also if the profile does not say so first
            CgroupFile.write(group.resolve("devices.deny"), "a");
        }
        for (DeviceRule rule : rules) {
            CgroupFile.write(group.resolve(rule.allow() ? "devices.allow" : "devices.deny"), DeviceRules.text(rule));
        }
        for (DeviceRule rule : DeviceRules.ALWAYS_ALLOWED) {
            CgroupFile.write(group.resolve("devices.allow"), DeviceRules.text(rule));
        }
    }

    private void memory(Memory memory) throws IOException {
        Long limit = memory.limit();
        Long swap = memory.swap();
        if (limit != null && limit == -1 && swap == null) {
            swap = -1L;
        }
        if (limit != null && limit != 0 && swap != null && swap != 0) {
            limitAndSwap(limit, swap);
        } else {
            write("memory", "memory.limit_in_bytes", nonZero(limit));
            write("memory", "memory.memsw.limit_in_bytes", nonZero(swap));
        }
        write("memory", "memory.soft_limit_in_bytes", nonZero(memory.reservation()));
        Long swappiness = memory.swappiness();
        if (swappiness != null && swappiness != -1) {
            if (swappiness > 100) {
                throw new IOException("invalid memory swappiness value: " + swappiness + " (valid range is 0-100)");
            }
            write("memory", "memory.swappiness", swappiness);
        }
        if (Boolean.TRUE.equals(memory.disableOOMKiller())) {
            write("memory", "memory.oom_control", "1");
        }
    }

    private static @Nullable Long nonZero(@Nullable Long value) {
        return value != null && value == 0 ? null : value;
    }

    /** The limit may never exceed memory plus swap, so the order depends on what is set now. */
    private void limitAndSwap(long limit, long swap) throws IOException {
        Path memsw = group("memory").resolve("memory.memsw.limit_in_bytes");
        if (!Files.exists(memsw)) {
            write("memory", "memory.limit_in_bytes", limit);
            if (swap > 0) {
                throw new IOException("memory swap limits are not supported by the kernel");
            }
            return;
        }
        boolean raises = swap == -1 || swap > Long.parseUnsignedLong(CgroupFile.read(memsw));
        if (raises) {
            write("memory", "memory.memsw.limit_in_bytes", swap);
            write("memory", "memory.limit_in_bytes", limit);
        } else {
            write("memory", "memory.limit_in_bytes", limit);
            write("memory", "memory.memsw.limit_in_bytes", swap);
        }
    }

    private void cpu(Cpu cpu) throws IOException {
        write("cpu", "cpu.shares", nonZero(cpu.shares()));
        write("cpu", "cpu.idle", cpu.idle());
        write("cpu", "cpu.rt_period_us", nonZero(cpu.realtimePeriod()));
        write("cpu", "cpu.rt_runtime_us", nonZero(cpu.realtimeRuntime()));
        Long period = nonZero(cpu.period());
        Long quota = nonZero(cpu.quota());
        if (period != null && quota != null && quota > 0) {
            // quota / period may not exceed the parent's at any moment: drop the quota first
            write("cpu", "cpu.cfs_quota_us", "-1");
        }
        write("cpu", "cpu.cfs_period_us", period);
        write("cpu", "cpu.cfs_quota_us", quota);
        write("cpu", "cpu.cfs_burst_us", cpu.burst());
        write("cpuset", "cpuset.cpus", cpu.cpus());
        write("cpuset", "cpuset.mems", cpu.mems());
    }

    private void blockIo(BlockIO io) throws IOException {
        if (io.weight() != null && io.weight() != 0) {
            weight("weight", Integer.toString(io.weight()));
        }
        for (WeightDevice device : io.weightDevice()) {
            if (device.weight() != null) {
                weight("weight_device", device.major() + ":" + device.minor() + ' ' + device.weight());
            }
        }
        throttle("blkio.throttle.read_bps_device", io.throttleReadBpsDevice());
        throttle("blkio.throttle.write_bps_device", io.throttleWriteBpsDevice());
        throttle("blkio.throttle.read_iops_device", io.throttleReadIOPSDevice());
        throttle("blkio.throttle.write_iops_device", io.throttleWriteIOPSDevice());
    }

    /** The file's name depends on the kernel's scheduler. */
    private void weight(String file, String value) throws IOException {
        Path group = group("blkio");
        Path plain = group.resolve("blkio." + file);
        CgroupFile.write(Files.exists(plain) ? plain : group.resolve("blkio.bfq." + file), value);
    }

    private void throttle(String file, List<ThrottleDevice> devices) throws IOException {
        for (ThrottleDevice device : devices) {
            write("blkio", file, device.major() + ":" + device.minor() + ' ' + device.rate());
        }
    }
}
