package io.drydock.runc.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class CgroupLayoutTest {
    @Test
    void readsAHybridSystem() {
        CgroupLayout layout = CgroupLayout.parse(List.of(
                "24 30 0:22 / /sys/fs/cgroup rw,nosuid shared:5 - tmpfs tmpfs rw,mode=755",
                "25 24 0:23 / /sys/fs/cgroup/unified rw,nosuid shared:6 - cgroup2 cgroup2 rw",
                "26 24 0:24 / /sys/fs/cgroup/systemd rw shared:7 - cgroup cgroup rw,xattr,name=systemd",
                "27 24 0:25 / /sys/fs/cgroup/cpu,cpuacct rw shared:8 - cgroup cgroup rw,cpu,cpuacct"));
        assertThat(layout.isUnified()).isFalse();
        assertThat(layout.unified()).contains(Path.of("/sys/fs/cgroup/unified"));
        assertThat(layout.hierarchies())
                .extracting(CgroupLayout.Hierarchy::name)
                .containsExactly("name=systemd", "cpu,cpuacct");
        assertThat(layout.of("cpuacct").orElseThrow().mountPoint()).isEqualTo(Path.of("/sys/fs/cgroup/cpu,cpuacct"));
    }

    @Test
    void readsAUnifiedSystem() {
        CgroupLayout layout = CgroupLayout.parse(
                List.of("25 24 0:23 / /sys/fs/cgroup rw,nosuid shared:6 - cgroup2 cgroup2 rw,nsdelegate"));
        assertThat(layout.isUnified()).isTrue();
    }

    @Test
    void pathsStayInsideTheHierarchy() {
        Path root = Path.of("/sys/fs/cgroup/cpu");
        assertThat(CgroupV1.resolve(root, "/", "/docker/x")).isEqualTo(root.resolve("docker/x"));
        assertThat(CgroupV1.resolve(root, "/own", "x")).isEqualTo(root.resolve("own/x"));
        assertThat(CgroupV1.resolve(root, "/own", "../../../../etc")).isEqualTo(root.resolve("etc"));
    }

    @Test
    void valuesOfVersionOneAreConverted() {
        assertThat(ResourcesV2.weight(2)).isEqualTo(1);
        assertThat(ResourcesV2.weight(1024)).isEqualTo(100);
        assertThat(ResourcesV2.weight(262144)).isEqualTo(10000);
    }
}
