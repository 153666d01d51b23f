package io.drydock.runc.cgroups;

import io.drydock.spec.oci.runtime.BlockIO;
import io.drydock.spec.oci.runtime.Cpu;
import io.drydock.spec.oci.runtime.HugepageLimit;
import io.drydock.spec.oci.runtime.Memory;
import io.drydock.spec.oci.runtime.Rdma;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.ThrottleDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A spec's limits in the files of version 2; values of version 1 are converted as runc does. */
final class ResourcesV2 {
    private final Path group;

    ResourcesV2(Path group) {
        this.group = group;
    }

    void apply(Resources resources) throws IOException {
        if (resources.memory() != null) {
            memory(resources.memory());
        }
        if (resources.cpu() != null) {
            cpu(resources.cpu());
        }
        if (resources.pids() != null && resources.pids().limit() != null) {
            long limit = resources.pids().limit();
            write("pids.max", limit > 0 ? Long.toString(limit) : "max");
        }
        if (resources.blockIO() != null) {
            blockIo(resources.blockIO());
        }
        for (HugepageLimit limit : resources.hugepageLimits()) {
            write("hugetlb." + limit.pageSize() + ".max", Long.toString(limit.limit()));
        }
        for (Map.Entry<String, Rdma> entry : resources.rdma().entrySet()) {
            Rdma rdma = entry.getValue();
            write(
                    "rdma.max",
                    entry.getKey() + " hca_handle=" + orMax(rdma.hcaHandles()) + " hca_object="
                            + orMax(rdma.hcaObjects()));
        }
        for (Map.Entry<String, String> entry : resources.unified().entrySet()) {
            if (entry.getKey().contains("/")) {
                throw new IOException("unified resource \"" + entry.getKey() + "\" must be a file name (no slashes)");
            }
            write(entry.getKey(), entry.getValue());
        }
    }

    private void write(String file, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            CgroupFile.write(group.resolve(file), value);
        }
    }

    private static String orMax(@Nullable Long value) {
        return value == null || value == -1 ? "max" : Long.toString(value);
    }

    private void memory(Memory memory) throws IOException {
        Long limit = memory.limit();
        Long swap = memory.swap();
        if (swap != null && swap != 0) {
            write("memory.swap.max", swap(swap, limit == null ? 0 : limit));
        }
        if (limit != null && limit != 0) {
            write("memory.max", orMax(limit));
        }
        if (memory.reservation() != null && memory.reservation() != 0) {
            write("memory.low", orMax(memory.reservation()));
        }
    }

    /** Version 1 limits memory plus swap, version 2 swap alone. */
    static String swap(long memoryAndSwap, long memory) throws IOException {
        if (memoryAndSwap == -1) {
            return "max";
        }
        if (memory <= 0) {
            throw new IOException("unable to set swap limit without memory limit");
        }
        if (memoryAndSwap < memory) {
            throw new IOException("memory+swap limit should be >= memory limit");
        }
        return Long.toString(memoryAndSwap - memory);
    }

    private void cpu(Cpu cpu) throws IOException {
        write("cpu.idle", cpu.idle() == null ? null : Long.toString(cpu.idle()));
        if (cpu.shares() != null && cpu.shares() != 0) {
            write("cpu.weight", Long.toString(weight(cpu.shares())));
        }
        Long quota = cpu.quota() == null || cpu.quota() == 0 ? null : cpu.quota();
        Long period = cpu.period() == null || cpu.period() == 0 ? null : cpu.period();
        if (quota != null || period != null) {
            String amount = quota != null && quota > 0 ? Long.toString(quota) : "max";
            write("cpu.max", period != null ? amount + ' ' + period : amount);
        }
        write("cpu.max.burst", cpu.burst() == null ? null : Long.toString(cpu.burst()));
        write("cpuset.cpus", cpu.cpus());
        write("cpuset.mems", cpu.mems());
    }

    /** Shares 2..262144 to weights 1..10000, so that the default of either (1024 and 100) is the other's, as runc 1.3.2 does. */
    static long weight(long shares) {
        if (shares <= 2) {
            return 1;
        }
        if (shares >= 262144) {
            return 10000;
        }
        double log = Math.log(shares) / Math.log(2);
        return (long) Math.ceil(Math.pow(10, (log * log + 125 * log) / 612 - 7.0 / 34));
    }

    private void blockIo(BlockIO io) throws IOException {
        if (io.weight() != null && io.weight() != 0) {
            Path bfq = group.resolve("io.bfq.weight");
            if (Files.exists(bfq)) {
                CgroupFile.write(bfq, Integer.toString(io.weight()));
            } else {
                write("io.weight", Long.toString(1 + (io.weight() - 10L) * 9999 / 990));
            }
        }
        throttle("rbps", io.throttleReadBpsDevice());
        throttle("wbps", io.throttleWriteBpsDevice());
        throttle("riops", io.throttleReadIOPSDevice());
        throttle("wiops", io.throttleWriteIOPSDevice());
    }

    private void throttle(String key, List<ThrottleDevice> devices) throws IOException {
        for (ThrottleDevice device : devices) {
            write("io.max", device.major() + ":" + device.minor() + ' ' + key + '=' + device.rate());
        }
    }
}
