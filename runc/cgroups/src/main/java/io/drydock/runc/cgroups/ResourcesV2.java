package io.drydock.runc.cgroups;

import io.drydock.linux.Errno;
import io.drydock.spec.oci.runtime.BlockIO;
import io.drydock.spec.oci.runtime.Cpu;
import io.drydock.spec.oci.runtime.HugepageLimit;
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
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A spec's limits in the files of version 2; values of version 1 are converted as runc does. */
final class ResourcesV2 {
    private static final long DEFAULT_PERIOD = 100_000;

    private final Path group;

    ResourcesV2(Path group) {
        this.group = group;
    }

    void apply(Resources resources) throws IOException {
        if (resources.pids() != null && resources.pids().limit() != null) {
            write("pids.max", Limits.pids(resources.pids().limit()));
        }
        if (resources.memory() != null) {
            memory(resources.memory());
        }
        if (resources.blockIO() != null) {
            blockIo(resources.blockIO());
        }
        if (resources.cpu() != null) {
            cpu(resources.cpu());
        }
        for (HugepageLimit limit : resources.hugepageLimits()) {
            Limits.hugePages(group, limit, "max");
        }
        for (Map.Entry<String, Rdma> entry : resources.rdma().entrySet()) {
            write("rdma.max", Limits.rdma(entry.getKey(), entry.getValue()));
        }
        for (Map.Entry<String, String> entry : resources.unified().entrySet()) {
            unified(entry.getKey(), entry.getValue());
        }
    }

    /** Files by name, written as they are, a line at a time as {@code io.max} takes one device only. */
    private void unified(String file, String value) throws IOException {
        if (file.contains("/")) {
            throw new IOException("unified resource \"" + file + "\" must be a file name (no slashes)");
        }
        try {
            for (String line : value.split("\n")) {
                CgroupFile.write(group.resolve(file), line);
            }
        } catch (IOException e) {
            if (CgroupFile.failedWith(e, Errno.ENOENT) || CgroupFile.failedWith(e, Errno.EACCES)) {
                explain(file);
            }
            throw new IOException("unable to set unified resource \"" + file + "\": " + e.getMessage(), e);
        }
    }

    private void explain(String file) throws IOException {
        int dot = file.indexOf('.');
        if (dot < 0) {
            throw new IOException("unified resource \"" + file + "\" must be in the form CONTROLLER.PARAMETER");
        }
        String controller = file.substring(0, dot);
        String available =
                CgroupFile.readIfExists(group.resolve("cgroup.controllers")).orElse("");
        if (!controller.equals("cgroup") && !List.of(available.split(" ")).contains(controller)) {
            throw new IOException(
                    "unified resource \"" + file + "\" can't be set: controller \"" + controller + "\" not available");
        }
    }

    private void write(String file, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            CgroupFile.write(group.resolve(file), value);
        }
    }

    private static String orMax(long value) {
        return value == -1 ? "max" : Long.toString(value);
    }

    private void memory(Memory memory) throws IOException {
        long limit = memory.limit() == null ? 0 : memory.limit();
        long swap = memory.swap() == null ? 0 : memory.swap();
        if (Boolean.TRUE.equals(memory.checkBeforeUpdate())) {
            Limits.refuseBelowUsage(group, limit, swap);
        }
        Optional<String> swapAlone = swap(swap, limit);
        if (swapAlone.isPresent()) {
            swap(swapAlone.get());
        }
        if (limit != 0) {
            write("memory.max", orMax(limit));
        }
        if (memory.reservation() != null && memory.reservation() != 0) {
            write("memory.low", orMax(memory.reservation()));
        }
    }

    /** A kernel without swap accounting has no file; that there is no limit, or no swap, is true there anyway. */
    private void swap(String value) throws IOException {
        try {
            write("memory.swap.max", value);
        } catch (IOException e) {
            if (!CgroupFile.failedWith(e, Errno.ENOENT) || !(value.equals("max") || value.equals("0"))) {
                throw e;
            }
        }
    }

    /** Version 1 limits memory plus swap, version 2 swap alone. Of both, 0 is not given and -1 no limit. */
    static Optional<String> swap(long memoryAndSwap, long memory) throws IOException {
        if (memoryAndSwap == 0) {
            return memory == -1 ? Optional.of("max") : Optional.empty();
        }
        if (memoryAndSwap == -1 || memory == -1) {
            return Optional.of(orMax(memoryAndSwap));
        }
        if (memory == 0) {
            throw new IOException("unable to set swap limit without memory limit");
        }
        if (memory < 0) {
            throw new IOException("invalid memory value: " + memory);
        }
        if (memoryAndSwap < memory) {
            throw new IOException("memory+swap limit should be >= memory limit");
        }
        return Optional.of(Long.toString(memoryAndSwap - memory));
    }

    private void cpu(Cpu cpu) throws IOException {
        write("cpu.idle", cpu.idle() == null ? null : Long.toString(cpu.idle()));
        if (cpu.shares() != null && cpu.shares() != 0) {
            write("cpu.weight", Long.toString(weight(cpu.shares())));
        }
        long limit = Objects.requireNonNullElse(cpu.quota(), 0L);
        boolean quota = limit != 0;
        var burst = cpu.burst();
        boolean burstLater = burst != null && !burst(burst, quota);
        if (quota || cpu.period() != null && cpu.period() != 0) {
            long period = cpu.period() == null || cpu.period() == 0 ? DEFAULT_PERIOD : cpu.period();
            write("cpu.max", (limit > 0 ? Long.toString(limit) : "max") + ' ' + period);
        }
        if (burst != null && burstLater) {
            write("cpu.max.burst", Long.toString(burst));
        }
        write("cpuset.cpus", cpu.cpus());
        write("cpuset.mems", cpu.mems());
    }

    /** False if the kernel finds it too large for the quota there is now, while another is about to be set. */
    private boolean burst(long burst, boolean quotaFollows) throws IOException {
        try {
            write("cpu.max.burst", Long.toString(burst));
            return true;
        } catch (IOException e) {
            if (!quotaFollows || !CgroupFile.failedWith(e, Errno.EINVAL)) {
                throw e;
            }
            return false;
        }
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
        Path bfq = group.resolve("io.bfq.weight");
        boolean hasBfq = Files.exists(bfq);
        if (io.weight() != null && io.weight() != 0) {
            if (hasBfq) {
                CgroupFile.write(bfq, Integer.toString(io.weight()));
            } else {
                write("io.weight", Long.toString(1 + (io.weight() - 10L) * 9999 / 990));
            }
        }
        // a kernel that knows weights of devices shows more than one number
        if (hasBfq && !io.weightDevice().isEmpty() && CgroupFile.read(bfq).contains(" ")) {
            for (WeightDevice device : io.weightDevice()) {
                int weight = device.weight() == null ? 0 : device.weight();
                CgroupFile.write(bfq, device.major() + ":" + device.minor() + ' ' + weight);
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
