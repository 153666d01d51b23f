package io.drydock.runc.cgroups;

import io.drydock.linux.Errno;
import io.drydock.spec.oci.runtime.BlockIO;
import io.drydock.spec.oci.runtime.Cpu;
import io.drydock.spec.oci.runtime.DeviceRule;
import io.drydock.spec.oci.runtime.HugepageLimit;
import io.drydock.spec.oci.runtime.InterfacePriority;
import io.drydock.spec.oci.runtime.Memory;
import io.drydock.spec.oci.runtime.Rdma;
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
            write("pids", "pids.max", Limits.pids(resources.pids().limit()));
        }
        if (resources.blockIO() != null) {
            blockIo(resources.blockIO());
        }
        for (HugepageLimit limit : resources.hugepageLimits()) {
            Limits.hugePages(group("hugetlb"), limit, "limit_in_bytes");
        }
        if (resources.network() != null) {
            write("net_cls", "net_cls.classid", resources.network().classID());
            for (InterfacePriority priority : resources.network().priorities()) {
                write("net_prio", "net_prio.ifpriomap", priority.name() + ' ' + priority.priority());
            }
        }
        for (Map.Entry<String, Rdma> entry : resources.rdma().entrySet()) {
            write("rdma", "rdma.max", Limits.rdma(entry.getKey(), entry.getValue()));
        }
    }

    private Path group(String controller) throws IOException {
        Path group = groups.get(controller);
        if (group == null) {
            throw new IOException("cannot set " + controller + " limit: container could not join or create cgroup");
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
            limit(nonZero(limit));
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

    /** A limit below what cannot be reclaimed is refused by the kernel; the error says how much that is. */
    private void limit(@Nullable Long limit) throws IOException {
        try {
            write("memory", "memory.limit_in_bytes", limit);
        } catch (IOException e) {
            if (!CgroupFile.failedWith(e, Errno.EBUSY)) {
                throw e;
            }
            Path group = group("memory");
            throw new IOException(
                    "unable to set memory limit to " + limit + " (current usage: "
                            + StatsReader.number(group.resolve("memory.usage_in_bytes")) + ", peak usage: "
                            + StatsReader.number(group.resolve("memory.max_usage_in_bytes")) + ")",
                    e);
        }
    }

    private static @Nullable Long nonZero(@Nullable Long value) {
        return value != null && value == 0 ? null : value;
    }

    /** The limit may never exceed memory plus swap, so the order depends on what is set now. */
    private void limitAndSwap(long limit, long swap) throws IOException {
        Path memsw = group("memory").resolve("memory.memsw.limit_in_bytes");
        if (!Files.exists(memsw)) {
            limit(limit);
            if (swap > 0) {
                throw new IOException("memory swap limits are not supported by the kernel");
            }
            return;
        }
        boolean raises = swap == -1 || swap > Long.parseUnsignedLong(CgroupFile.read(memsw));
        if (raises) {
            write("memory", "memory.memsw.limit_in_bytes", swap);
            limit(limit);
        } else {
            limit(limit);
            write("memory", "memory.memsw.limit_in_bytes", swap);
        }
    }

    private void cpu(Cpu cpu) throws IOException {
        shares(nonZero(cpu.shares()));
        write("cpu", "cpu.idle", cpu.idle());
        pair("cpu.rt_period_us", nonZero(cpu.realtimePeriod()), "cpu.rt_runtime_us", nonZero(cpu.realtimeRuntime()));
        Long quota = nonZero(cpu.quota());
        boolean burstLater = cpu.burst() != null && !burst(cpu.burst(), quota != null);
        pair("cpu.cfs_period_us", nonZero(cpu.period()), "cpu.cfs_quota_us", quota);
        if (burstLater) {
            write("cpu", "cpu.cfs_burst_us", cpu.burst());
        }
        write("cpuset", "cpuset.cpus", cpu.cpus());
        write("cpuset", "cpuset.mems", cpu.mems());
    }

    /** The kernel takes the next value it can. */
    private void shares(@Nullable Long shares) throws IOException {
        if (shares == null) {
            return;
        }
        write("cpu", "cpu.shares", shares);
        long taken = StatsReader.number(group("cpu").resolve("cpu.shares"));
        if (shares > taken) {
            throw new IOException("the maximum allowed cpu-shares is " + taken);
        }
        if (shares < taken) {
            throw new IOException("the minimum allowed cpu-shares is " + taken);
        }
    }

    /** The amount of a period may at no moment be a larger part of it than the parent's: if the period is refused, it comes last. */
    private void pair(String periodFile, @Nullable Long period, String amountFile, @Nullable Long amount)
            throws IOException {
        boolean later = false;
        try {
            write("cpu", periodFile, period);
        } catch (IOException e) {
            if (amount == null || !CgroupFile.failedWith(e, Errno.EINVAL)) {
                throw e;
            }
            later = true;
        }
        write("cpu", amountFile, amount);
        if (later) {
            write("cpu", periodFile, period);
        }
    }

    /** False if the kernel finds it too large for the quota there is now, while another is about to be set. */
    private boolean burst(long burst, boolean quotaFollows) throws IOException {
        try {
            write("cpu", "cpu.cfs_burst_us", burst);
            return true;
        } catch (IOException e) {
            if (CgroupFile.failedWith(e, Errno.ENOENT)) {
                return true; // before 5.14
            }
            if (!quotaFollows || !CgroupFile.failedWith(e, Errno.EINVAL)) {
                throw e;
            }
            return false;
        }
    }

    private void blockIo(BlockIO io) throws IOException {
        if (io.weight() != null && io.weight() != 0) {
            weight("weight", Integer.toString(io.weight()));
        }
        if (io.leafWeight() != null && io.leafWeight() != 0) {
            write("blkio", "blkio.leaf_weight", Integer.toString(io.leafWeight()));
        }
        for (WeightDevice device : io.weightDevice()) {
            if (device.weight() != null) {
                weight("weight_device", device.major() + ":" + device.minor() + ' ' + device.weight());
            }
            if (device.leafWeight() != null && device.leafWeight() != 0) {
                String weight = device.major() + ":" + device.minor() + ' ' + device.leafWeight();
                write("blkio", "blkio.leaf_weight_device", weight);
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
