package io.drydock.docker.engine.container;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.drydock.containerd.client.ContainerdClient;
import io.drydock.spec.containerd.cgroups.v1.BlkIOEntry;
import io.drydock.spec.containerd.cgroups.v1.BlkIOStat;
import io.drydock.spec.containerd.cgroups.v1.MemoryStat;
import io.drydock.spec.engine.BlkioEntry;
import io.drydock.spec.engine.BlkioStats;
import io.drydock.spec.engine.ContainerStats;
import io.drydock.spec.engine.CpuStats;
import io.drydock.spec.engine.CpuUsage;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.MemoryStats;
import io.drydock.spec.engine.NetworkStats;
import io.drydock.spec.engine.PidsStats;
import io.drydock.spec.engine.StorageStats;
import io.drydock.spec.engine.ThrottlingData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes samples of what running containers use. */
final class StatsSampler {
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final StorageStats NO_STORAGE = new StorageStats(null, null, null, null);
    private static final ThrottlingData NO_THROTTLING = new ThrottlingData(0, 0, 0);
    private static final CpuStats NO_CPU = new CpuStats(new CpuUsage(0, null, 0, 0), null, null, NO_THROTTLING);

    private final ContainerdClient containerd;

    StatsSampler(ContainerdClient containerd) {
        this.containerd = containerd;
    }

    /** What is told of a container that does not run. */
    static ContainerStats none(Container container) {
        return new ContainerStats(
                container.id,
                "/" + container.name(),
                "linux",
                "0001-01-01T00:00:00Z",
                "0001-01-01T00:00:00Z",
                NO_CPU,
                NO_CPU,
                new MemoryStats(null, null, null, null, null),
                null,
                new PidsStats(null, null),
                new BlkioStats(null, null, null, null, null, null, null, null),
                0,
                NO_STORAGE);
    }

    /** A sample; the one before gives the CPU figures it is compared with. Null if the container has just ended. */
    @Nullable
    ContainerStats sample(Container container, @Nullable ContainerStats before) {
        Any metrics = containerd.tasks().metrics(container.id);
        if (metrics == null) {
            return null;
        }
        try {
            return metrics.getTypeUrl().endsWith("v2.Metrics")
                    ? v2(container, before, io.drydock.spec.containerd.cgroups.v2.Metrics.parseFrom(metrics.getValue()))
                    : v1(
                            container,
                            before,
                            io.drydock.spec.containerd.cgroups.v1.Metrics.parseFrom(metrics.getValue()));
        } catch (InvalidProtocolBufferException e) {
            throw EngineException.system("metrics of container " + container.id + ": " + e.getMessage(), e);
        }
    }

    private static ContainerStats v1(
            Container container,
            @Nullable ContainerStats before,
            io.drydock.spec.containerd.cgroups.v1.Metrics metrics) {
        var usage = metrics.getCpu().getUsage();
        var throttling = metrics.getCpu().getThrottling();
        var cpu = new CpuStats(
                new CpuUsage(usage.getTotal(), usage.getPerCpuList(), usage.getKernel(), usage.getUser()),
                systemNanos(),
                java.lang.Runtime.getRuntime().availableProcessors(),
                new ThrottlingData(
                        throttling.getPeriods(), throttling.getThrottledPeriods(), throttling.getThrottledTime()));
        var memory = metrics.getMemory();
        var of = memory.getUsage();
        return stats(
                container,
                before,
                cpu,
                new MemoryStats(
                        of.getUsage(),
                        of.getMax(),
                        details(memory),
                        of.getFailcnt() == 0 ? null : (Long) of.getFailcnt(),
                        limit(of.getLimit())),
                new PidsStats(metrics.getPids().getCurrent(), metrics.getPids().getLimit()),
                blkio(metrics.getBlkio()));
    }

    private static BlkioStats blkio(BlkIOStat io) {
        return new BlkioStats(
                entries(io.getIoServiceBytesRecursiveList()),
                entries(io.getIoServicedRecursiveList()),
                entries(io.getIoQueuedRecursiveList()),
                entries(io.getIoServiceTimeRecursiveList()),
                entries(io.getIoWaitTimeRecursiveList()),
                entries(io.getIoMergedRecursiveList()),
                entries(io.getIoTimeRecursiveList()),
                entries(io.getSectorsRecursiveList()));
    }

    private static List<BlkioEntry> entries(List<BlkIOEntry> list) {
        return list.stream()
                .map(e -> new BlkioEntry(e.getMajor(), e.getMinor(), e.getOp(), e.getValue()))
                .toList();
    }

    /** The members of memory.stat by the kernel's names. */
    private static Map<String, Long> details(MemoryStat memory) {
        var details = new LinkedHashMap<String, Long>();
        details.put("cache", memory.getCache());
        details.put("rss", memory.getRss());
        details.put("rss_huge", memory.getRssHuge());
        details.put("mapped_file", memory.getMappedFile());
        details.put("dirty", memory.getDirty());
        details.put("writeback", memory.getWriteback());
        details.put("pgpgin", memory.getPgPgIn());
        details.put("pgpgout", memory.getPgPgOut());
        details.put("pgfault", memory.getPgFault());
        details.put("pgmajfault", memory.getPgMajFault());
        details.put("inactive_anon", memory.getInactiveAnon());
        details.put("active_anon", memory.getActiveAnon());
        details.put("inactive_file", memory.getInactiveFile());
        details.put("active_file", memory.getActiveFile());
        details.put("unevictable", memory.getUnevictable());
        details.put("hierarchical_memory_limit", memory.getHierarchicalMemoryLimit());
        details.put("hierarchical_memsw_limit", memory.getHierarchicalSwapLimit());
        details.put("total_cache", memory.getTotalCache());
        details.put("total_rss", memory.getTotalRss());
        details.put("total_rss_huge", memory.getTotalRssHuge());
        details.put("total_mapped_file", memory.getTotalMappedFile());
        details.put("total_dirty", memory.getTotalDirty());
        details.put("total_writeback", memory.getTotalWriteback());
        details.put("total_pgpgin", memory.getTotalPgPgIn());
        details.put("total_pgpgout", memory.getTotalPgPgOut());
        details.put("total_pgfault", memory.getTotalPgFault());
        details.put("total_pgmajfault", memory.getTotalPgMajFault());
        details.put("total_inactive_anon", memory.getTotalInactiveAnon());
        details.put("total_active_anon", memory.getTotalActiveAnon());
        details.put("total_inactive_file", memory.getTotalInactiveFile());
        details.put("total_active_file", memory.getTotalActiveFile());
        details.put("total_unevictable", memory.getTotalUnevictable());
        return details;
    }

    private static ContainerStats v2(
            Container container,
            @Nullable ContainerStats before,
            io.drydock.spec.containerd.cgroups.v2.Metrics metrics) {
        var of = metrics.getCpu();
        var cpu = new CpuStats(
                new CpuUsage(of.getUsageUsec() * 1000, null, of.getSystemUsec() * 1000, of.getUserUsec() * 1000),
                systemNanos(),
                java.lang.Runtime.getRuntime().availableProcessors(),
                new ThrottlingData(of.getNrPeriods(), of.getNrThrottled(), of.getThrottledUsec() * 1000));
        var memory = metrics.getMemory();
        var details = new LinkedHashMap<String, Long>();
        details.put("anon", memory.getAnon());
        details.put("file", memory.getFile());
        details.put("inactive_file", memory.getInactiveFile());
        details.put("active_file", memory.getActiveFile());
        details.put("pgfault", memory.getPgfault());
        var entries = new ArrayList<BlkioEntry>();
        metrics.getIo().getUsageList().forEach(e -> {
            entries.add(new BlkioEntry(e.getMajor(), e.getMinor(), "read", e.getRbytes()));
            entries.add(new BlkioEntry(e.getMajor(), e.getMinor(), "write", e.getWbytes()));
        });
        return stats(
                container,
                before,
                cpu,
                new MemoryStats(memory.getUsage(), null, details, null, limit(memory.getUsageLimit())),
                new PidsStats(metrics.getPids().getCurrent(), metrics.getPids().getLimit()),
                blkio(entries));
    }

    /** The unified hierarchy knows the bytes only. */
    private static BlkioStats blkio(List<BlkioEntry> bytes) {
        return new BlkioStats(bytes, null, null, null, null, null, null, null);
    }

    private static ContainerStats stats(
            Container container,
            @Nullable ContainerStats before,
            CpuStats cpu,
            MemoryStats memory,
            PidsStats pids,
            BlkioStats blkio) {
        return new ContainerStats(
                container.id,
                "/" + container.name(),
                null,
                Times.text(Instant.now()),
                before == null ? "0001-01-01T00:00:00Z" : before.read(),
                cpu,
                before == null || before.cpuStats() == null ? NO_CPU : before.cpuStats(),
                memory,
                networks(container.state().pid()),
                pids,
                blkio,
                0,
                NO_STORAGE);
    }

    /** A container without a limit can use all the host's memory. */
    private static long limit(long limit) {
        long host = HostMemory.total();
        return limit <= 0 || limit > host ? host : limit;
    }

    private static @Nullable Map<String, NetworkStats> networks(int pid) {
        var networks = new LinkedHashMap<String, NetworkStats>();
        try {
            for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/dev"))) {
                int colon = line.indexOf(':');
                if (colon < 0) {
                    continue;
                }
                String name = line.substring(0, colon).strip();
                String[] n = line.substring(colon + 1).strip().split("\\s+");
                if (!name.equals("lo") && n.length >= 12) {
                    networks.put(
                            name,
                            new NetworkStats(
                                    number(n[0]),
                                    number(n[1]),
                                    number(n[2]),
                                    number(n[3]),
                                    number(n[8]),
                                    number(n[9]),
                                    number(n[10]),
                                    number(n[11])));
                }
            }
        } catch (IOException e) {
            return null; // it has just ended
        }
        return networks.isEmpty() ? null : networks;
    }

    private static long number(String text) {
        return Long.parseLong(text);
    }

    /** CPU time of the whole machine. */
    private static long systemNanos() {
        try {
            String[] fields =
                    Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+");
            long ticks = 0;
            for (int i = 1; i < Math.min(fields.length, 9); i++) {
                ticks += number(fields[i]);
            }
            return ticks * NANOS_PER_TICK;
        } catch (IOException e) {
            throw EngineException.system("read /proc/stat: " + e.getMessage(), e);
        }
    }
}
