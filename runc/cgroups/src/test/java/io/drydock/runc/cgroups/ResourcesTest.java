package io.drydock.runc.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.oci.OciJson;
import io.drydock.spec.oci.runtime.Resources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written where, in a directory with files of a group's names. */
class ResourcesTest {
    @TempDir
    Path group;

    private static Resources resources(String json) {
        return OciJson.read(Resources.class, json.getBytes(StandardCharsets.UTF_8));
    }

    private void has(String... files) throws IOException {
        for (String file : files) {
            Files.createFile(group.resolve(file));
        }
    }

    private String written(String file) throws IOException {
        return Files.readString(group.resolve(file));
    }

    @Test
    void sharesBecomeWeights() {
        assertThat(ResourcesV2.weight(0)).isEqualTo(1);
        assertThat(ResourcesV2.weight(2)).isEqualTo(1);
        assertThat(ResourcesV2.weight(1024)).isEqualTo(100);
        assertThat(ResourcesV2.weight(262143)).isEqualTo(10000);
        assertThat(ResourcesV2.weight(262144)).isEqualTo(10000);
        long before = 0;
        for (long shares = 2; shares <= 262144; shares = shares * 3 / 2 + 1) {
            assertThat(ResourcesV2.weight(shares))
                    .isGreaterThanOrEqualTo(before)
                    .isBetween(1L, 10000L);
            before = ResourcesV2.weight(shares);
        }
    }

    @Test
    void versionTwoCountsSwapAlone() throws IOException {
        has("memory.max", "memory.swap.max", "memory.low", "cpu.max", "pids.max");
        new ResourcesV2(group)
                .apply(resources("{\"memory\":{\"limit\":1000,\"swap\":3000,\"reservation\":500},"
                        + "\"cpu\":{\"quota\":5000,\"period\":10000},\"pids\":{\"limit\":-1}}"));
        assertThat(written("memory.max")).isEqualTo("1000");
        assertThat(written("memory.swap.max")).isEqualTo("2000");
        assertThat(written("memory.low")).isEqualTo("500");
        assertThat(written("cpu.max")).isEqualTo("5000 10000");
        assertThat(written("pids.max")).isEqualTo("max");
    }

    @Test
    void swapIsWhatMemoryAndSwapAreMoreThanMemory() throws IOException {
        assertThat(ResourcesV2.swap(300, 100)).contains("200");
        assertThat(ResourcesV2.swap(100, 100)).as("no swap").contains("0");
        assertThat(ResourcesV2.swap(-1, 100)).contains("max");
        assertThat(ResourcesV2.swap(300, -1)).contains("300");
        assertThat(ResourcesV2.swap(0, 100)).as("not given").isEmpty();
        assertThat(ResourcesV2.swap(0, -1)).as("unlimited together").contains("max");
        assertThatThrownBy(() -> ResourcesV2.swap(1000, 3000)).hasMessageContaining("should be >= memory limit");
        assertThatThrownBy(() -> ResourcesV2.swap(1000, 0))
                .hasMessageContaining("unable to set swap limit without memory limit");
    }

    @Test
    void versionTwoWithoutSwapAccountingHasNoSwapToLimit() throws IOException {
        has("memory.max");
        ResourcesV2 limits = new ResourcesV2(group);
        limits.apply(resources("{\"memory\":{\"limit\":1000,\"swap\":1000}}"));
        limits.apply(resources("{\"memory\":{\"limit\":1000,\"swap\":-1}}"));
        assertThat(written("memory.max")).isEqualTo("1000");
        assertThatThrownBy(() -> limits.apply(resources("{\"memory\":{\"limit\":1000,\"swap\":3000}}")))
                .hasMessageContaining("memory.swap.max");
    }

    @Test
    void limitsBelowWhatIsUsedCanBeRefused() throws IOException {
        has("memory.max", "memory.current");
        Files.writeString(group.resolve("memory.current"), "5000");
        ResourcesV2 limits = new ResourcesV2(group);
        assertThatThrownBy(() -> limits.apply(resources("{\"memory\":{\"limit\":4000,\"checkBeforeUpdate\":true}}")))
                .hasMessage("rejecting memory limit 4000 <= usage 5000");
        limits.apply(resources("{\"memory\":{\"limit\":6000,\"checkBeforeUpdate\":true}}"));
        assertThat(written("memory.max")).isEqualTo("6000");
    }

    @Test
    void blockDevicesHaveRatesAndWeights() throws IOException {
        has("io.weight", "io.max", "cpu.max");
        ResourcesV2 limits = new ResourcesV2(group);
        limits.apply(resources("{\"blockIO\":{\"weight\":500,\"throttleReadBpsDevice\":"
                + "[{\"major\":8,\"minor\":0,\"rate\":1000}]},\"cpu\":{\"quota\":5000}}"));
        assertThat(written("io.weight")).isEqualTo("4950");
        assertThat(written("io.max")).isEqualTo("8:0 rbps=1000");
        assertThat(written("cpu.max")).as("the period of the kernel").isEqualTo("5000 100000");
        has("io.bfq.weight");
        Files.writeString(group.resolve("io.bfq.weight"), "default 100");
        limits.apply(resources("{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":16,\"weight\":300}]}}"));
        assertThat(written("io.bfq.weight")).startsWith("8:16 300");
    }

    @Test
    void pagesPidsAndRdmaAreWrittenByBothVersions() throws IOException {
        has("pids.max", "hugetlb.2MB.max", "hugetlb.2MB.limit_in_bytes", "hugetlb.2MB.rsvd.limit_in_bytes", "rdma.max");
        Resources all =
                resources("{\"pids\":{\"limit\":0},\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":4194304}],"
                        + "\"rdma\":{\"mlx5_1\":{\"hcaHandles\":3}}}");
        new ResourcesV2(group).apply(all);
        assertThat(written("pids.max")).as("0 is as good as 1").isEqualTo("1");
        assertThat(written("hugetlb.2MB.max")).isEqualTo("4194304");
        assertThat(written("rdma.max")).isEqualTo("mlx5_1 hca_handle=3");
        new ResourcesV1(Map.of("pids", group, "hugetlb", group, "rdma", group)).apply(all, false);
        assertThat(written("hugetlb.2MB.limit_in_bytes")).isEqualTo("4194304");
        assertThat(written("hugetlb.2MB.rsvd.limit_in_bytes")).isEqualTo("4194304");
    }

    @Test
    void aUnifiedFileThatCannotBeWrittenIsExplained() throws IOException {
        has("io.max", "cgroup.controllers");
        Files.writeString(group.resolve("cgroup.controllers"), "cpu memory");
        ResourcesV2 limits = new ResourcesV2(group);
        limits.apply(resources("{\"unified\":{\"io.max\":\"8:0 rbps=1\\n8:16 rbps=2\"}}"));
        assertThat(written("io.max")).as("a write for each line").isEqualTo("8:16 rbps=2");
        assertThatThrownBy(() -> limits.apply(resources("{\"unified\":{\"hugetlb.2MB.max\":\"5\"}}")))
                .hasMessage("unified resource \"hugetlb.2MB.max\" can't be set: controller \"hugetlb\" not available");
        assertThatThrownBy(() -> limits.apply(resources("{\"unified\":{\"memory.foo\":\"5\"}}")))
                .hasMessageStartingWith("unable to set unified resource \"memory.foo\": ");
        assertThatThrownBy(() -> limits.apply(resources("{\"unified\":{\"foo\":\"5\"}}")))
                .hasMessage("unified resource \"foo\" must be in the form CONTROLLER.PARAMETER");
        assertThatThrownBy(() -> limits.apply(resources("{\"unified\":{\"a/b.c\":\"5\"}}")))
                .hasMessage("unified resource \"a/b.c\" must be a file name (no slashes)");
    }

    @Test
    void devicesThatNoRuleAllowsAreDenied() throws IOException {
        has("devices.allow", "devices.deny");
        ResourcesV1 limits = new ResourcesV1(Map.of("devices", group));
        limits.apply(resources("{}"), true);
        assertThat(written("devices.deny")).isEqualTo("a");
        limits.apply(resources("{\"devices\":[{\"allow\":false,\"access\":\"rwm\"}]}"), true);
        assertThat(written("devices.deny")).isEqualTo("a *:* rwm");
    }

    @Test
    void aMissingControllerAndAMissingFileAreNamed() {
        ResourcesV1 limits = new ResourcesV1(Map.of("memory", group));
        assertThatThrownBy(() -> limits.apply(resources("{\"pids\":{\"limit\":5}}"), false))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot set pids limit: container could not join or create cgroup");
        assertThatThrownBy(() -> limits.apply(resources("{\"memory\":{\"limit\":5}}"), false))
                .isInstanceOf(IOException.class)
                .hasMessage("failed to write \"5\" to " + group + "/memory.limit_in_bytes: no such file or directory");
        assertThatThrownBy(() -> limits.apply(resources("{\"unified\":{\"memory.high\":\"5\"}}"), false))
                .hasMessageContaining("cgroup v1");
    }
}
