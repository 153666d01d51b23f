package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.drydock.runc.cgroups.CgroupStats;
import io.drydock.spec.containerd.cgroups.v1.Metrics;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final CgroupStats STATS = new CgroupStats(
            new CgroupStats.Cpu(9_000_000, 5_000_000, 4_000_000, List.of(7L, 8L), 10, 2, 3_000_000),
            new CgroupStats.Memory(
                    new CgroupStats.Usage(100, 200, 300, 4),
                    new CgroupStats.Usage(50, 60, 70, 0),
                    Map.of("total_rss", 11L, "cache", 12L, "anon", 13L, "file", 14L, "pgfault", 15L),
                    6),
            new CgroupStats.Pids(3, 99),
            List.of(new CgroupStats.Io(8, 0, "Read", 4096), new CgroupStats.Io(8, 0, "Write", 512)),
            List.of(new CgroupStats.Io(8, 0, "Read", 2), new CgroupStats.Io(8, 16, "Write", 1)));

    @Test
    void versionOneIsInNanosecondsAndEntries() throws Exception {
        Any any = io.drydock.containerd.shim.Metrics.of(STATS, false);
        assertThat(any.getTypeUrl()).isEqualTo("io.containerd.cgroups.v1.Metrics");
        Metrics metrics = Metrics.parseFrom(any.getValue());
        assertThat(metrics.getCpu().getUsage().getTotal()).isEqualTo(9_000_000);
        assertThat(metrics.getCpu().getUsage().getPerCpuList()).containsExactly(7L, 8L);
        assertThat(metrics.getCpu().getThrottling().getThrottledPeriods()).isEqualTo(2);
        assertThat(metrics.getMemory().getUsage().getFailcnt()).isEqualTo(4);
        assertThat(metrics.getMemory().getSwap().getLimit()).isEqualTo(70);
        assertThat(metrics.getMemory().getTotalRss()).isEqualTo(11);
        assertThat(metrics.getMemory().getCache()).isEqualTo(12);
        assertThat(metrics.getMemoryOomControl().getOomKill()).isEqualTo(6);
        assertThat(metrics.getPids().getLimit()).isEqualTo(99);
        assertThat(metrics.getBlkio().getIoServiceBytesRecursiveList())
                .extracting(entry -> entry.getOp() + entry.getValue())
                .containsExactly("Read4096", "Write512");
        assertThat(metrics.getBlkio().getIoServicedRecursiveList()).hasSize(2);
    }

    @Test
    void versionTwoIsInMicrosecondsAndByDevice() throws Exception {
        Any any = io.drydock.containerd.shim.Metrics.of(STATS, true);
        assertThat(any.getTypeUrl()).isEqualTo("io.containerd.cgroups.v2.Metrics");
        var metrics = io.drydock.spec.containerd.cgroups.v2.Metrics.parseFrom(any.getValue());
        assertThat(metrics.getCpu().getUsageUsec()).isEqualTo(9_000);
        assertThat(metrics.getCpu().getUserUsec()).isEqualTo(5_000);
        assertThat(metrics.getCpu().getThrottledUsec()).isEqualTo(3_000);
        assertThat(metrics.getMemory().getAnon()).isEqualTo(13);
        assertThat(metrics.getMemory().getUsage()).isEqualTo(100);
        assertThat(metrics.getMemory().getMaxUsage()).isEqualTo(200);
        assertThat(metrics.getMemory().getSwapUsage()).isEqualTo(50);
        assertThat(metrics.getMemoryEvents().getOomKill()).isEqualTo(6);
        assertThat(metrics.getPids().getCurrent()).isEqualTo(3);
        assertThat(metrics.getIo().getUsageList()).hasSize(2);
        assertThat(metrics.getIo().getUsage(0).getRbytes()).isEqualTo(4096);
        assertThat(metrics.getIo().getUsage(0).getRios()).isEqualTo(2);
        assertThat(metrics.getIo().getUsage(1).getWios()).isEqualTo(1);
    }
}
