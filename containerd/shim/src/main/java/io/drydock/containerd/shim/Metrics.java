package io.drydock.containerd.shim;

import com.google.protobuf.Any;
import io.drydock.runc.cgroups.CgroupStats;
import io.drydock.spec.containerd.cgroups.v1.BlkIOEntry;
import io.drydock.spec.containerd.cgroups.v1.BlkIOStat;
import io.drydock.spec.containerd.cgroups.v1.CPUStat;
import io.drydock.spec.containerd.cgroups.v1.CPUUsage;
import io.drydock.spec.containerd.cgroups.v1.MemoryEntry;
import io.drydock.spec.containerd.cgroups.v1.MemoryOomControl;
import io.drydock.spec.containerd.cgroups.v1.MemoryStat;
import io.drydock.spec.containerd.cgroups.v1.PidsStat;
import io.drydock.spec.containerd.cgroups.v1.Throttle;
import io.drydock.spec.containerd.cgroups.v2.IOEntry;
import io.drydock.spec.containerd.cgroups.v2.IOStat;
import io.drydock.spec.containerd.cgroups.v2.MemoryEvents;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counters as containerd's clients read them: one message for each version of control groups. */
final class Metrics {
    private static final long MICROS = 1000;

    private Metrics() {}

    static Any of(CgroupStats stats, boolean unified) {
        return unified
                ? Any.newBuilder()
                        .setTypeUrl("io.containerd.cgroups.v2.Metrics")
                        .setValue(v2(stats).toByteString())
                        .build()
                : Any.newBuilder()
                        .setTypeUrl("io.containerd.cgroups.v1.Metrics")
                        .setValue(v1(stats).toByteString())
                        .build();
    }

    private static io.drydock.spec.containerd.cgroups.v1.Metrics v1(CgroupStats stats) {
        CgroupStats.Cpu cpu = stats.cpu();
        return io.drydock.spec.containerd.cgroups.v1.Metrics.newBuilder()
                .setPids(PidsStat.newBuilder()
                        .setCurrent(stats.pids().current())
                        .setLimit(stats.pids().limit()))
                .setCpu(CPUStat.newBuilder()
                        .setUsage(CPUUsage.newBuilder()
                                .setTotal(cpu.total())
                                .setKernel(cpu.kernel())
                                .setUser(cpu.user())
                                .addAllPerCpu(cpu.perCpu()))
                        .setThrottling(Throttle.newBuilder()
                                .setPeriods(cpu.periods())
                                .setThrottledPeriods(cpu.throttledPeriods())
                                .setThrottledTime(cpu.throttledTime())))
                .setMemory(memoryV1(stats.memory()))
                .setBlkio(BlkIOStat.newBuilder()
                        .addAllIoServiceBytesRecursive(entries(stats.ioBytes()))
                        .addAllIoServicedRecursive(entries(stats.ioOperations())))
                .setMemoryOomControl(
                        MemoryOomControl.newBuilder().setOomKill(stats.memory().oomKills()))
                .build();
    }

    private static List<BlkIOEntry> entries(List<CgroupStats.Io> counters) {
        return counters.stream()
                .map(io -> BlkIOEntry.newBuilder()
                        .setOp(io.operation())
                        .setMajor(io.major())
                        .setMinor(io.minor())
                        .setValue(io.value())
                        .build())
                .toList();
    }

    private static MemoryEntry entry(CgroupStats.Usage usage) {
        return MemoryEntry.newBuilder()
                .setUsage(usage.now())
                .setMax(usage.max())
                .setLimit(usage.limit())
                .setFailcnt(usage.failures())
                .build();
    }

    private static MemoryStat memoryV1(CgroupStats.Memory memory) {
        Counters stat = new Counters(memory.stat());
        return MemoryStat.newBuilder()
                .setCache(stat.of("cache"))
                .setRss(stat.of("rss"))
                .setRssHuge(stat.of("rss_huge"))
                .setMappedFile(stat.of("mapped_file"))
                .setDirty(stat.of("dirty"))
                .setWriteback(stat.of("writeback"))
                .setPgPgIn(stat.of("pgpgin"))
                .setPgPgOut(stat.of("pgpgout"))
                .setPgFault(stat.of("pgfault"))
                .setPgMajFault(stat.of("pgmajfault"))
                .setInactiveAnon(stat.of("inactive_anon"))
                .setActiveAnon(stat.of("active_anon"))
                .setInactiveFile(stat.of("inactive_file"))
                .setActiveFile(stat.of("active_file"))
                .setUnevictable(stat.of("unevictable"))
                .setHierarchicalMemoryLimit(stat.of("hierarchical_memory_limit"))
                .setHierarchicalSwapLimit(stat.of("hierarchical_memsw_limit"))
                .setTotalCache(stat.of("total_cache"))
                .setTotalRss(stat.of("total_rss"))
                .setTotalRssHuge(stat.of("total_rss_huge"))
                .setTotalMappedFile(stat.of("total_mapped_file"))
                .setTotalDirty(stat.of("total_dirty"))
                .setTotalWriteback(stat.of("total_writeback"))
                .setTotalPgPgIn(stat.of("total_pgpgin"))
                .setTotalPgPgOut(stat.of("total_pgpgout"))
                .setTotalPgFault(stat.of("total_pgfault"))
                .setTotalPgMajFault(stat.of("total_pgmajfault"))
                .setTotalInactiveAnon(stat.of("total_inactive_anon"))
                .setTotalActiveAnon(stat.of("total_active_anon"))
                .setTotalInactiveFile(stat.of("total_inactive_file"))
                .setTotalActiveFile(stat.of("total_active_file"))
                .setTotalUnevictable(stat.of("total_unevictable"))
                .setUsage(entry(memory.usage()))
                .setSwap(entry(memory.swap()))
                .build();
    }

    private static io.drydock.spec.containerd.cgroups.v2.Metrics v2(CgroupStats stats) {
        CgroupStats.Cpu cpu = stats.cpu();
        return io.drydock.spec.containerd.cgroups.v2.Metrics.newBuilder()
                .setPids(io.drydock.spec.containerd.cgroups.v2.PidsStat.newBuilder()
                        .setCurrent(stats.pids().current())
                        .setLimit(stats.pids().limit()))
                .setCpu(io.drydock.spec.containerd.cgroups.v2.CPUStat.newBuilder()
                        .setUsageUsec(cpu.total() / MICROS)
                        .setUserUsec(cpu.user() / MICROS)
                        .setSystemUsec(cpu.kernel() / MICROS)
                        .setNrPeriods(cpu.periods())
                        .setNrThrottled(cpu.throttledPeriods())
                        .setThrottledUsec(cpu.throttledTime() / MICROS))
                .setMemory(memoryV2(stats.memory()))
                .setIo(IOStat.newBuilder().addAllUsage(devices(stats)))
                .setMemoryEvents(
                        MemoryEvents.newBuilder().setOomKill(stats.memory().oomKills()))
                .build();
    }

    private static List<IOEntry> devices(CgroupStats stats) {
        Map<String, IOEntry.Builder> devices = new LinkedHashMap<>();
        for (CgroupStats.Io io : stats.ioBytes()) {
            IOEntry.Builder device = device(devices, io);
            if (io.operation().equals("Read")) {
                device.setRbytes(io.value());
            } else {
                device.setWbytes(io.value());
            }
        }
        for (CgroupStats.Io io : stats.ioOperations()) {
            IOEntry.Builder device = device(devices, io);
            if (io.operation().equals("Read")) {
                device.setRios(io.value());
            } else {
                device.setWios(io.value());
            }
        }
        return devices.values().stream().map(IOEntry.Builder::build).toList();
    }

    private static IOEntry.Builder device(Map<String, IOEntry.Builder> devices, CgroupStats.Io io) {
        return devices.computeIfAbsent(
                io.major() + ":" + io.minor(),
                key -> IOEntry.newBuilder().setMajor(io.major()).setMinor(io.minor()));
    }

    private static io.drydock.spec.containerd.cgroups.v2.MemoryStat memoryV2(CgroupStats.Memory memory) {
        Counters stat = new Counters(memory.stat());
        return io.drydock.spec.containerd.cgroups.v2.MemoryStat.newBuilder()
                .setAnon(stat.of("anon"))
                .setFile(stat.of("file"))
                .setKernelStack(stat.of("kernel_stack"))
                .setSlab(stat.of("slab"))
                .setSock(stat.of("sock"))
                .setShmem(stat.of("shmem"))
                .setFileMapped(stat.of("file_mapped"))
                .setFileDirty(stat.of("file_dirty"))
                .setFileWriteback(stat.of("file_writeback"))
                .setAnonThp(stat.of("anon_thp"))
                .setInactiveAnon(stat.of("inactive_anon"))
                .setActiveAnon(stat.of("active_anon"))
                .setInactiveFile(stat.of("inactive_file"))
                .setActiveFile(stat.of("active_file"))
                .setUnevictable(stat.of("unevictable"))
                .setSlabReclaimable(stat.of("slab_reclaimable"))
                .setSlabUnreclaimable(stat.of("slab_unreclaimable"))
                .setPgfault(stat.of("pgfault"))
                .setPgmajfault(stat.of("pgmajfault"))
                .setUsage(memory.usage().now())
                .setUsageLimit(memory.usage().limit())
                .setMaxUsage(memory.usage().max())
                .setSwapUsage(memory.swap().now())
                .setSwapLimit(memory.swap().limit())
                .setSwapMaxUsage(memory.swap().max())
                .build();
    }

    /** A counter that the kernel does not have is 0. */
    private record Counters(Map<String, Long> values) {
        long of(String name) {
            return values.getOrDefault(name, 0L);
        }
    }
}
