package io.drydock.containerd.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import io.drydock.spec.containerd.cgroups.v1.BlkIOEntry;
import io.drydock.spec.containerd.cgroups.v1.BlkIOStat;
import io.drydock.spec.containerd.cgroups.v1.CPUStat;
import io.drydock.spec.containerd.cgroups.v1.CPUUsage;
import io.drydock.spec.containerd.cgroups.v1.HugetlbStat;
import io.drydock.spec.containerd.cgroups.v1.MemoryEntry;
import io.drydock.spec.containerd.cgroups.v1.MemoryStat;
import io.drydock.spec.containerd.cgroups.v1.Metrics;
import io.drydock.spec.containerd.cgroups.v1.PidsStat;
import io.drydock.spec.containerd.cgroups.v1.Throttle;
import io.drydock.spec.containerd.cgroups.v2.IOEntry;
import io.drydock.spec.containerd.cgroups.v2.IOStat;
import io.drydock.spec.containerd.cgroups.v2.MemoryEvents;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The names are those that the original's dashboards know. */
class TaskMetricsTest {
    private static String text(String type, ByteString message) throws Exception {
        var out = new Exposition();
        new TaskMetrics(out)
                .add(
                        "ns",
                        "c1",
                        Any.newBuilder().setTypeUrl(type).setValue(message).build());
        return out.text();
    }

    @Test
    void groupsOfVersionOne() throws Exception {
        var metrics = Metrics.newBuilder()
                .setPids(PidsStat.newBuilder().setCurrent(3).setLimit(10))
                .setCpu(CPUStat.newBuilder()
                        .setUsage(CPUUsage.newBuilder().setTotal(5).setUser(2).addAllPerCpu(List.of(1L, 4L)))
                        .setThrottling(Throttle.newBuilder().setThrottledTime(9).setPeriods(8)))
                .setMemory(MemoryStat.newBuilder()
                        .setRss(100)
                        .setPgMajFault(7)
                        .setTotalPgPgIn(6)
                        .setHierarchicalSwapLimit(11)
                        .setUsage(MemoryEntry.newBuilder().setUsage(200).setFailcnt(1))
                        .setKernelTcp(MemoryEntry.newBuilder().setMax(12)))
                .setBlkio(BlkIOStat.newBuilder()
                        .addIoServiceBytesRecursive(BlkIOEntry.newBuilder()
                                .setOp("Read")
                                .setDevice("/dev/sda")
                                .setMajor(8)
                                .setValue(4096)))
                .addHugetlb(HugetlbStat.newBuilder().setPagesize("2MB").setMax(1))
                .build();
        var labels = "{container_id=\"c1\",namespace=\"ns\"";
        assertThat(text("io.containerd.cgroups.v1.Metrics", metrics.toByteString())
                        .lines())
                .contains(
                        "# TYPE container_pids_current gauge",
                        "container_pids_current" + labels + "} 3",
                        "container_pids_limit" + labels + "} 10",
                        "container_cpu_total_nanoseconds" + labels + "} 5",
                        "container_cpu_user_nanoseconds" + labels + "} 2",
                        "container_per_cpu_nanoseconds" + labels + ",cpu=\"1\"} 4",
                        "container_cpu_throttled_time_nanoseconds" + labels + "} 9",
                        "container_cpu_throttle_periods_total" + labels + "} 8",
                        "container_memory_rss_bytes" + labels + "} 100",
                        "container_memory_pgmajfault_bytes" + labels + "} 7",
                        "container_memory_total_pgpgin_bytes" + labels + "} 6",
                        "container_memory_hierarchical_memsw_limit_bytes" + labels + "} 11",
                        "container_memory_usage_usage_bytes" + labels + "} 200",
                        "container_memory_usage_failcnt_total" + labels + "} 1",
                        "container_memory_kerneltcp_max_bytes" + labels + "} 12",
                        "container_hugetlb_max_bytes" + labels + ",page=\"2MB\"} 1",
                        "container_blkio_io_service_bytes_recursive_bytes" + labels
                                + ",op=\"Read\",device=\"/dev/sda\",major=\"8\",minor=\"0\"} 4096");
    }

    @Test
    void groupsOfVersionTwo() throws Exception {
        var metrics = io.drydock.spec.containerd.cgroups.v2.Metrics.newBuilder()
                .setPids(io.drydock.spec.containerd.cgroups.v2.PidsStat.newBuilder()
                        .setCurrent(3))
                .setCpu(io.drydock.spec.containerd.cgroups.v2.CPUStat.newBuilder()
                        .setUsageUsec(5)
                        .setNrThrottled(2))
                .setMemory(io.drydock.spec.containerd.cgroups.v2.MemoryStat.newBuilder()
                        .setUsage(200)
                        .setFileMapped(4))
                .setMemoryEvents(MemoryEvents.newBuilder().setOom(1))
                .setIo(IOStat.newBuilder()
                        .addUsage(IOEntry.newBuilder().setMajor(8).setRbytes(4096)))
                .build();
        var labels = "{container_id=\"c1\",namespace=\"ns\"";
        assertThat(text("types.containerd.io/io.containerd.cgroups.v2.Metrics", metrics.toByteString())
                        .lines())
                .contains(
                        "container_pids_current" + labels + "} 3",
                        "container_cpu_usage_usec_microseconds" + labels + "} 5",
                        "container_cpu_nr_throttled_total" + labels + "} 2",
                        "container_memory_usage_bytes" + labels + "} 200",
                        "container_memory_file_mapped_bytes" + labels + "} 4",
                        "container_memory_oom_total" + labels + "} 1",
                        "container_io_rbytes_bytes" + labels + ",major=\"8\",minor=\"0\"} 4096");
    }
}
